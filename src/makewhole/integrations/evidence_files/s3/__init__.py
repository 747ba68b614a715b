"""Evidence in S3, or in anything that speaks its protocol (MinIO, Ceph, Garage)."""
