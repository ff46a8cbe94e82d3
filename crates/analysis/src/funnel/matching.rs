//! Which of a funnel's steps are done when they may come in any order: a mark that is several steps
//! goes to the one that leaves most room for the others.

/// A matching of marks to steps that has as many steps as any could (augmenting paths, Kuhn 1955).
#[derive(Debug)]
pub(super) struct Matching {
    /// The steps that the mark of each filled step could be.
    owners: Vec<Option<u32>>,
}

impl Matching {
    pub(super) fn new(steps: usize) -> Self {
        Self {
            owners: vec![None; steps],
        }
    }

    /// Takes a mark in, if that makes one more step done.
    pub(super) fn add(&mut self, steps: u32) -> bool {
        self.place(steps, &mut 0)
    }

    /// The steps done, as bits.
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
