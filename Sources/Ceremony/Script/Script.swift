// SPDX-License-Identifier: Apache-2.0

/// A ceremony's steps on the way to ``Closed``: which phase it has reached is in the type, so that an order that must not
/// be does not compile.
///
/// A step that deals shares is a method of `Script<Agreed>` alone; only `decide` gives one of these, and only a script
/// whose machine was checked and whose plan was read can decide. Run sheets and the live ceremony take a
/// ``CeremonyScript``, which only `Script<Closed>` becomes.
struct Script<Phase> {
    private(set) var steps: [Step]

    private init(_ steps: [Step]) {
        self.steps = steps
    }

    /// The same steps and one more, in the phase that it leads to; the extensions below say which step may.
    func adding<Next>(
        _ identifier: String,
        _ title: String,
        by actors: [Role],
        _ act: Step.Act,
        minutes: Int,
        _ instructions: [String],
        to next: Next.Type = Next.self
    ) -> Script<Next> {
        let step = Step(
            number: steps.count + 1,
            identifier: identifier,
            title: title,
            actors: actors,
            instructions: instructions,
            act: act,
            minutes: minutes
        )
        return Script<Next>(steps + [step])
    }

    /// The same steps in a phase that no step of its own leads to.
    func reaching<Next>(_: Next.Type = Next.self) -> Script<Next> { Script<Next>(steps) }
}

extension Script where Phase == Empty {
    static var empty: Script<Empty> { Script([]) }
}

/// Nobody is there yet.
enum Empty {}
/// People have signed in.
enum Attended {}
/// The bags have been looked at.
enum Unsealed {}
/// Clock, program and machine have been checked.
enum Inspected {}
/// Plan, cards and certificate have been compared.
enum Planned {}
/// The administrator has said go.
enum Agreed {}
/// The shares are dealt, and the manifest's digest has been compared.
enum Dealt {}
/// Officers have signed, and an audit has passed.
enum Approved {}
/// Quorums that cover every custodian have rebuilt the key.
enum Tried {}
/// The key is where the plan wants it, or was shown to come back.
enum Achieved {}
/// Everything that leaves is in its bag.
enum Bagged {}
/// Exceptions were read, everybody has attested.
enum Attested {}
/// The transcript is signed.
enum Closed {}
