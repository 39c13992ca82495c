"""The benchmark: our program beside what people build today, side by side in one run (`make bench`)."""
