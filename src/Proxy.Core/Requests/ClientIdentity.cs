namespace Proxy.Core.Requests;

/// <summary>What a client told about itself (HELLO, CLIENT SETNAME and SETINFO). RESET takes its name back.</summary>
internal sealed class ClientIdentity
{
    /// <summary>CLIENT SETNAME; empty for none.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>CLIENT SETINFO LIB-NAME; empty for none.</summary>
    public byte[] LibraryName { get; set; } = [];

    /// <summary>CLIENT SETINFO LIB-VER; empty for none.</summary>
    public byte[] LibraryVersion { get; set; } = [];

    /// <summary>CLIENT NO-EVICT ON.</summary>
    public bool IsNotEvicted { get; set; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int WrongPasswords { get; set; }

    /// <summary>Name of its last command, as CLIENT INFO shows it.</summary>
    public string LastCommand { get; set; } = "NULL";
}
