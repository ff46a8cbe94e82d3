//! Assigns marks to the steps of a funnel whose steps can occur in any order: a mark that matches
//! several steps goes to the one that leaves the most room for the others.

/// A maximum matching of marks to steps (augmenting paths, Kuhn 1955).
#[derive(Debug)]
pub(super) struct Matching {
    /// For each completed step, the steps that its mark could be, as bits.
    owners: Vec<Option<u32>>,
}

impl Matching {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            owners: vec![None; steps],
        }
    }

    /// Adds a mark, given the steps that it could be as bits. Returns whether it completes one more
    /// step.
    pub(super) fn add(&mut self, steps: u32) -> bool {
        self.place(steps, &mut 0)
    }

    /// The completed steps, as bits.
    pub(super) fn done(&self) -> u32 {
        let filled = self.owners.iter().enumerate();
        filled.fold(0, |bits, (step, owner)| {
            bits | u32::from(owner.is_some()) << step
        })
    }

    fn place(&mut self, steps: u32, tried: &mut u32) -> bool {
        for step in 0..self.owners.len() {
            let bit = 1 << step;
            if steps & bit == 0 || *tried & bit != 0 {
                continue;
            }
            *tried |= bit;
            let free = match self.owners[step] {
                None => true,
                Some(owner) => self.place(owner, tried),
            };
            if free {
                self.owners[step] = Some(steps);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_could_be_two_steps_makes_room_for_one_that_could_be_only_one() {
        let mut matching = Matching::new(2);
        assert!(matching.add(0b11));
        assert_eq!(matching.done(), 0b01);
        assert!(matching.add(0b01));
        assert_eq!(matching.done(), 0b11);
        assert!(!matching.add(0b11));
    }

    #[test]
    fn a_step_is_done_once() {
        let mut matching = Matching::new(3);
        let added = [0b010, 0b010, 0b001].map(|steps| matching.add(steps));
        assert_eq!(added, [true, false, true]);
        assert_eq!(matching.done(), 0b011);
    }
}
