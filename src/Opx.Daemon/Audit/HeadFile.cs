using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;
using Opx.Protocol.Files;
using Opx.Protocol.Interop;

namespace Opx.Daemon.Audit;

/// <summary>Keeps <see cref="AuditHead"/> beside the log: overwritten in place for every record, as many bytes each time, and authenticated.</summary>
internal sealed class HeadFile : IDisposable
{
    private readonly string _path;
    private readonly byte[] _key;
    private readonly byte[] _bytes = new byte[AuditHead.FileBytes];
    private SafeFileHandle? _file;
    private ulong _inode;

    /// <param name="key">Of <see cref="AuditKeys.HeadKey"/>.</param>
    public HeadFile(string directory, uint owner, byte[] key)
    {
        _key = key;
        _path = AuditFiles.HeadFile(directory);
        var content = PrivateFile.Read(_path, owner);
        Exists = content is not null;
        Found = content is not null && AuditHead.Parse(content) is { } head && head.IsBy(key) ? head : null;
    }

    /// <summary>True where there was a file, understood or not, when we came.</summary>
    public bool Exists { get; }

    /// <summary>What the file said when we came; null where that was not by us.</summary>
    public AuditHead? Found { get; }

    public void Write(Chain chain)
    {
        Fill(chain);
        if (_file is null)
            Create();
        else
            WholeFile.WriteAt(_file, _bytes, 0);
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
        Span<byte> mac = stackalloc byte[AuditLine.HashDigits];
        AuditHead.Authenticate(_bytes.AsSpan(0, at), _key, mac);
        Text(",\"mac\":\""u8);
        Text(mac);
        Text("\"}"u8);

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
