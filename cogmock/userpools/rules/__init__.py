"""Rules that several operations share.

`settings`: what pools and clients may be set to. `directory`: users as they are found, shown and changed.
`proofs`: passwords, codes, devices, passkeys and factors. `lookup`: finding things or refusing.
`arrivals`: how users are created.
Rules know the state and the core, but neither operations nor sign-ins under way.
"""
