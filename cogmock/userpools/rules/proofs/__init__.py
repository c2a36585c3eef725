"""What users prove their identity with: passwords, codes, passkeys, devices and second factors.

A module checks or changes one kind of proof. When a proof is asked for in a sign-in is decided in `sign_in`. Of the
other shelves it may import `directory` and `settings`.
"""
