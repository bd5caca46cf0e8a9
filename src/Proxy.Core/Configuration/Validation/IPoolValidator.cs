namespace Proxy.Core.Configuration.Validation;

/// <summary>Checks one topic of one pool.</summary>
internal interface IPoolValidator
{
    /// <summary>Checks a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="isNutcracker">The file is a <c>nutcracker.yml</c>: twemproxy's defaults hold.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public void Validate(PoolConfig pool, bool isNutcracker, ConfigProblems problems);
}
