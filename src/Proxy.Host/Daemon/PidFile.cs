using System.Globalization;
using Proxy.Host.Yaml;

namespace Proxy.Host.Daemon;

/// <summary>
/// The file with the id of the serving process. Claimed before serving, so that a path that cannot be written is an early error; written
/// when the listeners are bound, so that a second start, which fails there, leaves the file of the first alone; removed at the end,
/// unless a successor has written its own id by then.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;
    private readonly string _id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly bool _wasThere;
    private bool _isWritten;

    private PidFile(string path, bool wasThere)
    {
        _path = path;
        _wasThere = wasThere;
    }

    /// <summary>Makes sure that the file can be written. What is in it stays.</summary>
    /// <exception cref="IOException">It cannot be written; the message is for people.</exception>
    public static PidFile Claim(string path)
    {
        var full = Path.GetFullPath(path);
        try
        {
            var wasThere = File.Exists(full);
            using (new FileStream(full, FileMode.OpenOrCreate, FileAccess.Write))
            {
                return new PidFile(full, wasThere);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"opening pid file '{path}' failed: {FileProblem.Describe(full, failure)}", failure);
        }
    }

    /// <summary>Writes the id of this process over whatever is there.</summary>
    /// <exception cref="IOException">It cannot be written any more.</exception>
    public void Write()
    {
        File.WriteAllText(_path, _id + "\n");
        _isWritten = true;
    }

    /// <summary>Removes the file if it is this process's.</summary>
    public void Dispose()
    {
        try
        {
            if (_isWritten ? File.ReadAllText(_path).Trim() == _id : !_wasThere)
            {
                File.Delete(_path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Somebody removed it, or its directory, before us.
        }
    }
}
