// How one peer takes what it is sent. Whom the network makes slow must cost others nothing, and
// whoever asks and does not read must hold nothing that others wait for. Pure policy: the time is
// passed in, and never goes back. Units: bytes.
#pragma once

#include "daemon/swarm/time.hpp"

#include <cstdint>
#include <optional>

namespace p2pd::swarm {

enum class Pace : std::uint8_t {
  usual, // or not known
  slow,  // a fast link beside it would take as much in a moment
  stuck  // next to nothing
};

class PaceMeter final {
 public:
  // `taken`: bytes that have left for it so far. `busy`: more is ready for it. To be told a few
  // times a second.
  void look(Time now, std::uint64_t taken, bool busy);

  Pace pace() const { return pace_; }
  bool proven() const { return proven_; } // it has taken something at the usual pace
  // For so long it has taken nothing at all, and could.
  Duration idle(Time now) const;

 private:
  struct Span {
    Time begun{};
    std::uint64_t taken = 0; // by then
  };
  void judge(Time now, std::uint64_t taken);

  Pace pace_ = Pace::usual;
  bool proven_ = false;
  std::optional<Span> span_; // that is being judged; none: it has nothing to take
  Span last_;                // when something was taken, or needed not be
};

} // namespace p2pd::swarm
