namespace Opx.Client; internal static class Placeholder;
