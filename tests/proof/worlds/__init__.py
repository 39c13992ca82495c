"""What the proofs stand on: worlds with disks, kills and people in them."""
