using System.Text;
using Opx.Cli.Logins;
using Opx.Cli.Output;

namespace Opx.Cli.Tests.Logins;

public sealed class TypedCredentialsTests
{
    [Theory]
    [InlineData("token", "hvs.x", "token=hvs.x")]
    [InlineData("token", "hvs.x\n", "token=hvs.x")]
    [InlineData("token", "hvs.x\r\n", "token=hvs.x")]
    [InlineData("userpass", "me\np w\n", "username=me|password=p w")]
    [InlineData("userpass", "me\r\np\n\nq\n", "username=me|password=p\n\nq")]
    [InlineData("approle", "role\n", "role_id=role")]
    [InlineData("approle", "role\nsecret", "role_id=role|secret_id=secret")]
    public void Standard_input_is_a_credential_a_line_and_the_last_up_to_its_end(string method, string input, string fields) =>
        Assert.Equal(fields, string.Join('|', Split(method, Encoding.UTF8.GetBytes(input)).Select(field => $"{field.Key}={Encoding.UTF8.GetString(field.Value)}")));

    [Theory]
    [InlineData("token", "")]
    [InlineData("token", "\n")]
    [InlineData("userpass", "me\n")]
    public void What_is_missing_is_said_and_nothing_is_tried(string method, string input) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<FailureException>(() => Split(method, Encoding.UTF8.GetBytes(input))).ExitCode);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => Assert.Throws<FailureException>(() => Split("token", [0x68, 0xff]));

    [Fact]
    public void Letters_are_taken_back_whole_and_the_line_at_once()
    {
        var line = new SecretLine(16);
        foreach (var letter in "aü\u007fb\u007f\u007f\u007fxy\u0015z"u8.ToArray())
            SecretPrompt.Take(line, letter, isShown: false);

        Assert.Equal("z"u8.ToArray(), line.ToArray());
    }

    private static Dictionary<string, byte[]> Split(string method, byte[] input)
    {
        var fields = new Dictionary<string, byte[]>();
        TypedCredentials.Split(LoginPlan.Of("vault", method, new Dictionary<string, string>()), input, fields);
        return fields;
    }
}
