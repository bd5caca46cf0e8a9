using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Metrics;
using Proxy.Core.Model;
using Proxy.Core.Requests.Sessions;

namespace Proxy.Core.Requests.Users;

/// <summary>Who a client is: its user, and as whom its requests run at the servers. Owned by its session; used on the worker's loop only.</summary>
internal sealed class Login
{
    private readonly ClientSession _client;

    // By which users it was last looked at.
    private ImmutableArray<UserModel> _users = [];
    private byte[]? _passwordHash;

    /// <param name="client">Whose it is.</param>
    public Login(ClientSession client)
    {
        _client = client;
    }

    /// <summary>Its user, where the pool has some; null for the user <c>default</c>, who may do everything.</summary>
    public UserModel? User { get; private set; }

    /// <summary>Its user's name.</summary>
    public string UserName => User?.Name ?? "default";

    /// <summary>As whom its requests run at the servers; null for <c>redis_auth</c>.</summary>
    public ServerUserModel? ServerUser { get; private set; }

    /// <summary>True if another login may lead its requests over other connections, also where a reload took away those that need others.</summary>
    public bool MayChangeLane => ServerUser is not null || _client.Model.HasServerUsers;

    /// <summary>It is that user from now on. If that leads its requests over other connections, nothing of it is under way.</summary>
    /// <param name="user">See <see cref="User"/>.</param>
    /// <param name="passwordHash">The one of the user's that was right; null if none was needed.</param>
    public void As(UserModel? user, byte[]? passwordHash)
    {
        _passwordHash = passwordHash;
        ChangeServerUser(user?.ServerUser);
        Become(user);
        _client.SetAuthenticated(true);
    }

    /// <summary>It is what a new client is: the user <c>default</c>, or nobody where that has a password.</summary>
    public void AsDefault()
    {
        var model = _client.Model;
        As(model.FindUser("default"u8), passwordHash: null);
        _client.SetAuthenticated(model.OpensWithoutPassword);
    }

    /// <summary>
    /// A reload may have changed the users. Who could not log in any more with what it gave is closed, as by Redis at ACL DELUSER, and who is
    /// subscribed to what it may not hear any more, as by Redis at ACL SETUSER; what the others may do changes at once, and as whom they run
    /// as soon as nothing is under way.
    /// </summary>
    public void Refresh()
    {
        var model = _client.Model;
        if (model.Users == _users)
        {
            return;
        }

        if (!_client.IsAuthenticated)
        {
            AsDefault();
            return;
        }

        var user = model.FindUser(Encoding.UTF8.GetBytes(UserName));
        if (!IsStill(model, user) || !MayHearWhatItHears(user))
        {
            _client.Abort(ClientCloseReason.UserChanged);
            return;
        }

        Become(user);
        if (!Equals(ServerUser, user?.ServerUser) && !_client.PutBack())
        {
            ChangeServerUser(user?.ServerUser);
        }
    }

    /// <summary>Nothing of the client is under way: what a reload changed may have waited for that.</summary>
    public void OnAllAnswered() => ChangeServerUser(User?.ServerUser);

    private bool MayHearWhatItHears(UserModel? user) =>
        user is null or { AllChannels: true } || _client.Subscriptions?.AreAllowedTo(user) != false;

    private bool IsStill(PoolModel model, UserModel? user) => (User, user) switch
    {
        (null, null) => model.Users.IsEmpty,
        (null, { } added) => added.NoPassword || (model.Password is { } password && added.Accepts(password, out _)),
        ({ } former, null) => model.Users.IsEmpty && former.Name == "default" && HasGivenPassword(model.Password),
        (_, { } present) => present.NoPassword || (_passwordHash is { } hash && present.HasPassword(hash)),
    };

    private bool HasGivenPassword(byte[]? password) =>
        password is null || (_passwordHash is { } hash && SHA256.HashData(password).AsSpan().SequenceEqual(hash));

    private void Become(UserModel? user)
    {
        _users = _client.Model.Users;
        User = user;
        _client.SetGate(SessionGate.Restricted, user is { IsUnrestricted: false });
    }

    private void ChangeServerUser(ServerUserModel? user)
    {
        if (!Equals(ServerUser, user))
        {
            ServerUser = user;
            _client.LeaveLane();

            // As somebody else it cannot go on where it watches.
            _client.Watch?.Close();
        }
    }
}
