using System.Text;

namespace Proxy.Core.Configuration;

/// <summary>A password in a file of its own, as secrets are mounted.</summary>
internal static class SecretFile
{
    /// <summary>Reads it; a line end behind the password does not belong to it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="secret">The password.</param>
    /// <returns>Null, or why not.</returns>
    public static string? TryRead(string path, out byte[] secret)
    {
        secret = [];
        try
        {
            secret = Encoding.UTF8.GetBytes(File.ReadAllText(path).TrimEnd('\r', '\n'));
            return secret.Length == 0 ? "is empty" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"cannot be read: {e.Message}";
        }
    }
}
