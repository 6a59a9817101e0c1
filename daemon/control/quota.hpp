// How many connections each user may have at the control socket, so that none keeps the others out:
// a quarter of the places is kept for root and the daemon's own user, readers together have half of
// the others, and one user has a quarter of them. Pure. Loop thread only.
#pragma once

#include "proto/control/commands.hpp"

#include <cstddef>
#include <cstdint>
#include <map>

namespace p2pd::control {

class Quota final {
 public:
  enum class Verdict : std::uint8_t { admitted, user_is_full, all_full };

  // `owner`: the daemon's user.
  Quota(std::size_t most, std::uint32_t owner) : most_(most), owner_(owner) {}

  void set_most(std::size_t most) { most_ = most; } // those that are in stay
  // One more, which counts from now on where it is admitted.
  Verdict admit(std::uint32_t user, proto::Access access);
  void leave(std::uint32_t user, proto::Access access);

  std::size_t for_others() const { return most_ - most_ / 4; }
  std::size_t for_one() const { return for_others() < 4 ? 1 : for_others() / 4; }

 private:
  bool owns(std::uint32_t user) const { return user == 0 || user == owner_; }

  std::size_t most_;
  const std::uint32_t owner_;
  std::size_t all_ = 0;
  std::size_t others_ = 0;  // of users who are neither root nor the owner
  std::size_t readers_ = 0; // of those
  std::map<std::uint32_t, std::size_t> users_;
};

} // namespace p2pd::control
