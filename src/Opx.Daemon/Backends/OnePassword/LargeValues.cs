namespace Opx.Daemon.Backends.OnePassword;

/// <summary>
/// References whose values were too large for an environment variable (the kernel takes 128 KiB with the name): they go by <c>op read</c>
/// from then on, so that a batch with one of them does not fail its way to it each time.
/// </summary>
internal sealed class LargeValues
{
    // Less than the kernel's limit by what name, '=' and NUL take.
    private const int Threshold = 128 * 1024 - 64;
    private const int Most = 256;
    private readonly Lock _lock = new();
    private readonly HashSet<(string? Account, string Reference)> _known = [];

    public bool Contains(string? account, OpReference reference)
    {
        lock (_lock)
            return _known.Contains((account, reference.Text));
    }

    /// <summary>A value has come; it may have grown or shrunk.</summary>
    public void Learn(string? account, OpReference reference, int length)
    {
        lock (_lock)
        {
            if (length < Threshold)
            {
                _known.Remove((account, reference.Text));
                return;
            }

            if (_known.Count >= Most)
                _known.Clear();
            _known.Add((account, reference.Text));
        }
    }
}
