// Removes what fetches have replaced, and the parts of those that were cancelled, in the background
// and one after the other. The state database lists them, so a stop or a crash delays a removal and
// no more. What p2pd did not write stays, beside the destination, and the log says where. What
// cannot be moved out of the way or removed for now is tried again with exponential back-off. Loop
// thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/trouble.hpp"
#include "daemon/membership/backoff.hpp"
#include "daemon/state/state_db.hpp"
#include "daemon/store/remove_written.hpp"

#include <deque>
#include <list>
#include <map>
#include <stop_token>

namespace p2pd::transfer {

class Remover final {
 public:
  Remover(io::Loop& loop, state::StateDb& state, std::shared_ptr<const disk::Folders> destinations);
  ~Remover() { stop(); }
  Remover(const Remover&) = delete;
  Remover& operator=(const Remover&) = delete;

  void restore(const std::vector<state::RemovalRecord>& records); // before transfers are
  // What the state database says is to be removed for this transfer: done when that is out of the
  // way, or cannot be for now. It is removed afterwards.
  void set_aside(std::uint64_t transfer, std::function<void()> done);
  // Whether what makes way there still has the name that a part has; nothing may be fetched to it.
  bool is_occupied(const std::string& place) const;
  std::vector<library::Trouble> troubles() const;  // of what waits to be tried again
  std::string cause(std::uint64_t transfer) const; // of what this one waits for; "": of nothing
  // Hears where what is left of something lies that this transfer has replaced.
  using Watch = std::function<void(std::uint64_t transfer, const std::string& kept)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }
  void stop();

 private:
  struct Removed {
    store::Rest rest = store::Rest::unknown;
    std::string kept{};                 // where what is left lies
    std::optional<disk::Fault> fault{}; // then it is tried again
  };
  struct Details {
    std::vector<disk::Identity> identities;
    std::shared_ptr<const proto::Bytes> manifest;
  };
  static Removed remove(const disk::Folders& folders, const state::RemovalRecord& record,
                        const Details& details, const std::stop_token& stop);
  void rename(const state::RemovalRecord& record, std::function<void()> done);
  void on_renamed(state::RemovalRecord record, const disk::Outcome& renamed);
  void next();
  void begin(state::RemovalRecord record);
  void on_removed(const state::RemovalRecord& record, const Removed& removed);
  void later(const state::RemovalRecord& record, const std::string& cause);
  void arm();
  void try_again();

  io::Loop& loop_;
  state::StateDb& state_;
  const std::shared_ptr<const disk::Folders> destinations_;
  std::deque<state::RemovalRecord> waiting_;
  struct Later {
    state::RemovalRecord record;
    std::string cause;
    membership::Backoff backoff;
    io::Time due{}; // not set: it is being tried
  };
  std::map<std::uint64_t, Later> later_;        // by tag
  std::map<std::uint64_t, std::string> places_; // by tag, of what has no name of its own yet
  std::vector<std::uint64_t> unasked_;          // transfers whose records could not be read
  bool busy_ = false;
  Watch watch_;
  std::stop_source stop_;
  std::list<io::Job> renames_;
  io::Job job_;
  io::Timer retry_;
  io::Alive<Remover> alive_{this};
};

} // namespace p2pd::transfer
