using Opx.Protocol.Interop;

namespace Opx.Client.Tests;

public sealed class SystemTrustStoreTests : IDisposable
{
    private readonly byte[]? _file;
    private readonly byte[]? _directory;

    public SystemTrustStoreTests()
    {
        SystemTrustStore.Restore();
        (_file, _directory) = (NativeVariable.Get("SSL_CERT_FILE"), NativeVariable.Get("SSL_CERT_DIR"));
    }

    public void Dispose()
    {
        SystemTrustStore.Restore();
        NativeVariable.Set("SSL_CERT_FILE", _file);
        NativeVariable.Set("SSL_CERT_DIR", _directory);
    }

    [Fact]
    public void Both_variables_are_put_back_as_they_were()
    {
        NativeVariable.Set("SSL_CERT_FILE", "/etc/a file.pem"u8);
        NativeVariable.Set("SSL_CERT_DIR", null);
        SystemTrustStore.Bypass();
        SystemTrustStore.Bypass();
        Assert.Equal("/dev/null", NativeVariable.Text("SSL_CERT_FILE"));
        Assert.Equal("/dev/null", NativeVariable.Text("SSL_CERT_DIR"));
        SystemTrustStore.Restore();
        Assert.Equal("/etc/a file.pem", NativeVariable.Text("SSL_CERT_FILE"));
        Assert.Null(NativeVariable.Text("SSL_CERT_DIR"));
    }

    [Fact]
    public void An_empty_variable_stays_empty_and_bytes_that_are_no_text_stay_those_bytes()
    {
        NativeVariable.Set("SSL_CERT_FILE", ""u8);
        NativeVariable.Set("SSL_CERT_DIR", [0xff, 0xfe, (byte)'x']);
        SystemTrustStore.Bypass();
        SystemTrustStore.Restore();
        Assert.Equal("", NativeVariable.Text("SSL_CERT_FILE"));
        Assert.Equal([0xff, 0xfe, (byte)'x'], NativeVariable.Get("SSL_CERT_DIR"));
    }

    [Fact]
    public void Putting_back_what_was_never_taken_changes_nothing()
    {
        NativeVariable.Set("SSL_CERT_FILE", "/x"u8);
        SystemTrustStore.Restore();
        Assert.Equal("/x", NativeVariable.Text("SSL_CERT_FILE"));
    }
}
