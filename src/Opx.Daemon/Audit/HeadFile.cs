using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Audit;

/// <summary>Keeps <see cref="AuditHead"/> beside the log: overwritten in place for every record, as many bytes each time.</summary>
internal sealed class HeadFile : IDisposable
{
    private readonly string _path;
    private readonly byte[] _bytes = new byte[AuditHead.FileBytes];
    private SafeFileHandle? _file;
    private ulong _inode;

    public HeadFile(string directory, uint owner)
    {
        _path = AuditFiles.HeadFile(directory);
        var content = PrivateFile.Read(_path, owner);
        Exists = content is not null;
        Found = content is null ? null : AuditHead.Parse(content);
    }

    /// <summary>True where there was a file, understood or not, when we came.</summary>
    public bool Exists { get; }

    /// <summary>What the file said when we came.</summary>
    public AuditHead? Found { get; }

    public void Write(Chain chain)
    {
        Fill(chain);
        if (_file is null)
            Create();
        else
            RandomAccess.Write(_file, _bytes, 0);
    }

    /// <summary>Makes a file that somebody removed anew.</summary>
    public void EnsureInPlace(Chain chain)
    {
        if (_file is not null && FileStatus.Of(_path)?.Inode == _inode)
            return;
        Fill(chain);
        Create();
    }

    /// <summary>Waits until it is on the disk.</summary>
    public void Sync()
    {
        if (_file is not null)
            RandomAccess.FlushToDisk(_file);
    }

    public void Dispose() => _file?.Dispose();

    private void Create()
    {
        _file?.Dispose();
        _file = null;
        PrivateFile.Write(_path, _bytes);
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _inode = FileStatus.Of(_path)?.Inode ?? 0;
    }

    // AuditHead.ToBytes without making strings: this is done for every read.
    private void Fill(Chain chain)
    {
        _bytes.AsSpan().Fill((byte)' ');
        _bytes[^1] = (byte)'\n';
        var at = 0;
        Text("{\"seq\":"u8);
        Number(chain.Seq);
        Text(",\"hash\":\""u8);
        Text(chain.Hash);
        Text("\",\"first\":"u8);
        Number(chain.First);
        Text("}"u8);

        void Text(ReadOnlySpan<byte> text)
        {
            text.CopyTo(_bytes.AsSpan(at));
            at += text.Length;
        }

        void Number(long number)
        {
            Utf8Formatter.TryFormat(number, _bytes.AsSpan(at), out var digits);
            at += digits;
        }
    }
}
