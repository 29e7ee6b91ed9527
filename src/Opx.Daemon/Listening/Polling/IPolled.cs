namespace Opx.Daemon.Listening.Polling;

/// <summary>Who is told, on the thread that polls, that its descriptor is ready. It waits for nothing there.</summary>
internal interface IPolled
{
    void Ready(PollEvents events);
}

/// <summary>What the kernel has to say about a descriptor; the numbers are epoll_ctl(2)'s.</summary>
[Flags]
internal enum PollEvents : uint
{
    None = 0,
    Readable = 0x1,
    Writable = 0x4,

    /// <summary>An error is pending. Told whoever wants to hear it or not.</summary>
    Failed = 0x8,

    /// <summary>Both directions are closed. Told whoever wants to hear it or not.</summary>
    HungUp = 0x10,
}
