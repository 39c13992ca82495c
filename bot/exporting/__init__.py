"""The words of an export, and the process that writes one."""
