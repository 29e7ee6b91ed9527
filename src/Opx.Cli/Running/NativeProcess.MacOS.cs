using System.Runtime.InteropServices;

namespace Opx.Cli.Running;

internal static partial class NativeProcess
{
    // Not run on the machines this was written on. crt_externs.h
    private static unsafe byte[][] ArgumentsMacOS() => Strings(*ArgumentVector());

    [LibraryImport("libSystem", EntryPoint = "_NSGetArgv")]
    private static unsafe partial byte*** ArgumentVector();
}
