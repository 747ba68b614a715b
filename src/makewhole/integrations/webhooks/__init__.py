"""Signed webhooks (standardwebhooks.com): what may be an address, how a message is signed, how it is sent.

addresses.py keeps us out of networks that are not ours to look into; signing.py makes the three headers; sending.py
posts one message and brings back the status.
"""
