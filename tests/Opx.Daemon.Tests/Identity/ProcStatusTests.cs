using System.Text;
using Opx.Daemon.Identity;

namespace Opx.Daemon.Tests.Identity;

public sealed class ProcStatusTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("Uid:\t7\t7\t7\t7")]
    [InlineData("x\\nUid:\t7\t7\t7\t7")]
    public void A_name_is_no_user_id(string name) => Assert.Equal(
        new uint[] { 1, 2, 3, 4 }, ProcStatus.UserIds(Encoding.UTF8.GetBytes(
            $"Name:\t{name}\nUmask:\t0022\nPPid:\t5\nUid:\t1\t2\t3\t4\nGid:\t9\t9\t9\t9\n")));

    [Theory]
    [InlineData("Name:\tTracerPid:\t0\nTracerPid:\t7\nUid:\t1\t2\t3\t4\n", 7)]
    [InlineData("Name:\tsh\nTracerPid:\t0\n", 0)]
    [InlineData("Name:\tsh\n", null)]
    [InlineData("", null)]
    public void The_debugger_is_the_one_that_the_kernel_names(string status, int? tracer) =>
        Assert.Equal(tracer, ProcStatus.Tracer(Encoding.UTF8.GetBytes(status)));

    [Theory]
    [InlineData("")]
    [InlineData("Name:\tsh\n")]
    [InlineData("Name:\tsh\nUid:\t1\t2\t3\t4")]
    [InlineData("Name:\tsh\nUid:\t1\t2\tx\t4\n")]
    public void What_holds_none_tells_none(string status) => Assert.Null(ProcStatus.UserIds(Encoding.UTF8.GetBytes(status)));
}
