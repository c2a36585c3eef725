"""What users prove and how: passwords, codes, passkeys, devices, second factors."""
