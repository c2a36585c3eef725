"""Point-in-time recovery: what was there at a point in time, whether a recovery may go there, and the recovery itself.

`before` notes what an operation is about to change; the history is kept by `admission/keeping`.
"""
