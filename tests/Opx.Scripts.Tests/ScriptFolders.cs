using Opx.Scripts.Tests.Runner;

[assembly: AssemblyFixture(typeof(Kit))]

namespace Opx.Scripts.Tests;

// A class per folder of scripts/: xunit runs classes side by side and the scripts of one class in turn.

public sealed class Reading(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("reading");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Running(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("running");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Daemon(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("daemon");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Api(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("api");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class OnePassword(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("onepassword");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Policy(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("policy");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Attacks(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("attacks");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Audit(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("audit");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Vault(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("vault");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Services(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("services");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Memory(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("memory");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Doctor(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("doctor");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Sessions(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("sessions");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Shim(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("shim");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Moving(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("moving");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Recipes(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("recipes");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

public sealed class Chaos(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("chaos");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

/// <summary>Scripts that measure time have the machine for themselves.</summary>
[Collection(nameof(Measured))]
public sealed class Measured(Kit kit) : ScriptFolder(kit)
{
    public static IEnumerable<TheoryDataRow<string>> Scripts => In("measured");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Scripts))]
    public Task Script(string path) => Passes(path);
}

[CollectionDefinition(nameof(Measured), DisableParallelization = true)]
public sealed class MeasuredAlone;
