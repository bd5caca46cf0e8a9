using Proxy.Core.Requests.Sessions;
using Proxy.Core.Requests.Users;
using Proxy.Resp.Commands;

namespace Proxy.Core.Requests.Transactions;

/// <summary>
/// What a user may do is looked at again when EXEC comes, as in Redis: since a command was queued a reload may have changed it, or the
/// client may be somebody else by then. What is no longer allowed does not run; the others do.
/// </summary>
internal sealed class ExecPermissions
{
    private readonly Permissions _permissions;

    public ExecPermissions(Permissions permissions)
    {
        _permissions = permissions;
    }

    /// <summary>Takes out of a transaction what is not to run. May be called again.</summary>
    public void Check(ClientSession client, TransactionState transaction)
    {
        var user = client.Login.User;
        if (client.Model.Users.IsEmpty || (!transaction.ChecksAgain && ReferenceEquals(transaction.CheckedAs, user)))
        {
            return;
        }

        transaction.CheckedAs = user;
        transaction.ChecksAgain = false;
        var denials = new Denial[transaction.Commands.Count];
        var server = new QueuedFrames(transaction.ServerBytes);
        var local = new QueuedFrames(transaction.LocalBytes);
        for (var i = 0; i < denials.Length; i++)
        {
            var queued = transaction.Commands[i];
            if (queued.Kind == QueuedKind.Refused)
            {
                continue;
            }

            var frame = queued.Kind == QueuedKind.Local ? local.Next() : server.Next();
            denials[i] = user is { IsUnrestricted: false } ? _permissions.Find(user, queued.Command, frame) : Denial.None;

            // It logs in when its turn comes; those behind it are already somebody else's.
            user = queued.Command.Local switch
            {
                LocalCommand.Auth => AuthCommand.UserAfter(client, user, frame),
                LocalCommand.Hello => HelloCommand.UserAfter(client, user, frame),
                _ => user,
            };
        }

        if (Array.Exists(denials, denial => denial != Denial.None))
        {
            transaction.Refuse(denials);
        }
    }
}
