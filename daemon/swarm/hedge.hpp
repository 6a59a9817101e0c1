// When to ask one more source for a manifest that others have been asked for already: hedged
// requests (Dean and Barroso, "The Tail at Scale", 2013). Pure policy: the time is passed in.
//
// A manifest is a 16,000th of its content, and all of the transfer waits for it, so what is
// received twice hardly counts. Where the line of this node is what is slow, though, two copies
// come at half the rate each. So of the sources that deliver only the fastest goes on after a short
// trial, and each further trial comes later than the one before. A source that sends nothing costs
// nothing: it may have a queue, and stays asked. So the bound is on those that send, and as
// long as nobody does as many again are asked each time: thirty that are mute cost two seconds.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>
#include <span>

namespace p2pd::swarm {

// A source that was asked, and what has come of it.
struct Asked {
  Time since{};               // it was asked
  Time begun{};               // the first bytes were on their way
  Time progress{};            // the last bytes came
  std::uint64_t received = 0; // bytes
  std::uint64_t size = 0;     // 0: not announced yet

  void arrived(std::uint64_t bytes, Time now); // in all
  // Until it is whole, at the rate so far; Duration::max() where nothing comes.
  Duration remaining(Time now) const;
};

struct Hedge {
  enum class Step : std::uint8_t {
    wait,
    ask,  // the next source
    drop, // the one at `which`; it may be asked again later
  };
  Step step = Step::wait;
  std::size_t which = 0;
};

// All that were asked and have not answered, and how the asking went so far.
struct Asking {
  std::span<const Asked> asked;
  bool others = false; // there is a source that is not being asked
  bool fresh = false;  // and one of them never was
  unsigned trials = 0; // how often another was asked while one delivered
  Time last{};         // when the last one was asked
};

bool delivers(const Asking& asking, Time now); // at least one of them
bool silent(const Asked& asked, Time now);     // for so long that it is to rest when it is dropped
// How long one is not asked that was dropped so many times before for having sent nothing.
Duration rest_of_silent(unsigned times);
Hedge hedge(const Asking& asking, Time now);

} // namespace p2pd::swarm
