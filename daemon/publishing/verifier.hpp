// Verifies what is on the disk by its hashes: on request, and periodically in the background,
// slowly, so that bit rot is found while others still have the right bytes. Damaged chunks are
// withdrawn and fetched again. What cannot be read does not count as damaged: it is retried with
// exponential back-off, beginning at a minute. Loop thread only.
#pragma once

#include "daemon/io/graveyard.hpp"
#include "daemon/library/hashing.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/library/trouble.hpp"
#include "daemon/transfer/transfers.hpp"

namespace p2pd::publishing {

using library::Failure;
using proto::ContentId;

// When something was last verified; a time in the future, from a wrong clock, counts as never.
// Seconds since the epoch.
constexpr std::int64_t last_verified(std::int64_t noted, std::int64_t now) {
  return noted > now ? 0 : noted;
}

struct Verified {
  ContentId id;
  std::string name;
  std::string path;
  std::uint64_t size = 0;
  std::uint32_t chunks = 0;
};

struct VerifyFollower {
  std::function<void(const std::string& name, std::uint64_t done, std::uint64_t size)> progress;
  std::function<void(const Verified&)> done; // every hash is right
  std::function<void(const Failure&)> refused;
};

struct VerifierDeps {
  io::Loop& loop;
  state::StateDb& state;
  disk::BufferPool& buffers;
  library::Library& library;
  library::Openings& openings;
  transfer::Transfers& transfers;
  library::Tally& tally;
  // Called for contents that could not be read or have changed.
  std::function<void(const ContentId&)> doubt;
};

class Verifier final {
 public:
  explicit Verifier(const VerifierDeps& deps);
  ~Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;

  void
  scrub_within(io::milliseconds time); // the period in which everything is verified once; 0: never
  void verify(library::Item& item, VerifyFollower follower);
  void stop();
  std::vector<library::Trouble> troubles() const; // what could not be read

 private:
  class Verification;
  struct Held { // it could not be read
    library::Trouble trouble;
    unsigned tries = 0;
    io::Time due{};
  };
  void unread(const ContentId& content, const disk::Fault& fault);
  const library::Item* next_to_scrub(std::uint64_t& total) const;
  void scrub();
  void run(library::Item& item, VerifyFollower follower, io::milliseconds pause);
  void ended(Verification& verification);

  const VerifierDeps deps_;
  std::list<std::unique_ptr<Verification>> running_;
  std::map<ContentId, Held> held_;
  io::milliseconds scrub_time_{};
  bool scrubbing_ = false;
  io::Timer scrub_;
  io::Graveyard graveyard_;
};

} // namespace p2pd::publishing
