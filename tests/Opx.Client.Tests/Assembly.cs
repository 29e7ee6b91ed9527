// C's environment, which the client changes before a handshake, is one for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
