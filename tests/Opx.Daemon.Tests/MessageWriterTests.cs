namespace Opx.Daemon.Tests;

public sealed class MessageWriterTests
{
    [Fact]
    public void A_message_that_cannot_be_written_ends_nothing_and_the_next_one_is_written()
    {
        using var disk = new FullDisk { IsFull = true };
        using var messages = new MessageWriter(disk);
        messages.WriteLine("lost");
        messages.Write('x');
        disk.IsFull = false;
        messages.WriteLine("there is room again");

        Assert.Equal("there is room again\n", disk.ToString());
    }

    private sealed class FullDisk : StringWriter
    {
        public bool IsFull { get; set; }

        public override void Write(char value) => Must(() => base.Write(value));

        public override void WriteLine(string? value) => Must(() => base.WriteLine(value));

        private void Must(Action write)
        {
            if (IsFull)
                throw new IOException("No space left on device");
            write();
        }
    }
}
