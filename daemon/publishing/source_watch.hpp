// Looks again and again whether what this node offers still lies where it was: what is gone, or is
// not what it was, is delisted and closed, so that its space is free; what is back is offered
// again. What others fetch is looked at with each use as well (store/file_set.hpp).
//
// Looks, and not inotify: that sees nothing on network file systems and takes a watch for every
// folder of every tree. Everything is looked at once in two minutes, a few contents each 5 seconds,
// or as much more slowly as keeps that below one part in fifty of a core. Loop thread only.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/publishing/restorer.hpp"

#include <deque>
#include <stop_token>

namespace p2pd::publishing {

// How something looked. Unknown: an error that tells nothing about it, as it may pass.
enum class Presence : std::uint8_t { same, changed, gone, unknown };
enum class Listing : std::uint8_t { offered, missing, busy }; // busy: being fetched or restored
enum class Measure : std::uint8_t { none, doubt, restore };
Measure measure(Presence presence, Listing listing);

struct SourceWatchDeps {
  io::Loop& loop;
  state::StateDb& state;
  library::Library& library;
  Restorer& restorer;
  library::PeerFolders folders;
  std::function<void(const ContentId&)> doubt; // not what it was, or not there
};

class SourceWatch final {
 public:
  explicit SourceWatch(SourceWatchDeps deps);
  ~SourceWatch() { stop(); }
  SourceWatch(const SourceWatch&) = delete;
  SourceWatch& operator=(const SourceWatch&) = delete;

  void start();
  void stop();

 private:
  using Batch = std::vector<state::KnownFiles>;
  using Round = std::deque<state::LibraryRecord>;

  void next();
  void begin_round(Round round);
  void look(Batch batch);
  void on_looked(const std::vector<state::LibraryRecord>& records,
                 const std::vector<Presence>& presences);
  Listing listing(const state::LibraryRecord& record);
  static Presence look_at(const library::PeerFolders& folders, const state::KnownFiles& known);

  const SourceWatchDeps deps_;
  Round round_; // what is left of it
  std::size_t batch_size_ = 0;
  io::Time began_{};
  std::stop_source stop_;
  io::Job job_;
  io::Timer timer_;
  io::Alive<SourceWatch> alive_{this};
};

} // namespace p2pd::publishing
