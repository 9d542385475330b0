-- What a file came to is asked by its bytes: of each statement when it is compared, and of each that a person took in.

create index sighting_evidence on sighting using hash (evidence_sha256);
