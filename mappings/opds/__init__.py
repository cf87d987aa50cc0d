"""OPDS 2.0 publications (metadata of the Readium Web Publication Manifest) and ODL 2 licences → catalogue record."""
