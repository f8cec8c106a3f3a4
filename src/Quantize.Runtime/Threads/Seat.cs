namespace Quantize.Runtime.Threads;

/// <summary>A place in a team, for one worker at a time.</summary>
internal sealed class Seat(Team team, int member)
{
    /// <summary>Computes parts of that generation of the team's work while there are any.</summary>
    public void Work(int generation) => team.Work(member, generation);
}
