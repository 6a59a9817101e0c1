// Polls whether the contents that this node offers are still in place: a missing or changed one is
// delisted and closed, so that its space is freed; one that is back is offered again. Contents that
// others fetch are also checked at each use (store/file_set.hpp).
//
// It polls instead of using inotify, which sees nothing on network file systems and needs a watch
// for every folder of every tree. Everything is checked once in two minutes, a few contents every 5
// seconds, or more slowly if that would take more than 2 % of a core. Loop thread only.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/publishing/restorer.hpp"

#include <deque>
#include <stop_token>

namespace p2pd::publishing {

// The result of a check. Unknown: a temporary error, which says nothing.
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
  std::function<void(const ContentId&)> doubt; // changed or missing
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
  Round round_; // what remains of it
  std::size_t batch_size_ = 0;
  io::Time began_{};
  std::stop_source stop_;
  io::Job job_;
  io::Timer timer_;
  io::Alive<SourceWatch> alive_{this};
};

} // namespace p2pd::publishing
