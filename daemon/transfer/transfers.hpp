// All fetches of this peer: starts them, keeps those that ended in the list, and tells whoever
// follows one how it goes. Loop thread only.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/io/graveyard.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/transfer/followed.hpp"
#include "daemon/transfer/transfer.hpp"

namespace p2pd::transfer {

struct FetchOptions {
  std::string word;   // a name, NAME@PEER or a prefix of an id
  std::string output; // absolute, "" for the download folder; a folder where it ends with '/'
  bool force = false;
  bool in_order = false;
  bool no_wait = false;
  bool unattended = false;
  std::optional<PeerId> publisher = {}; // whose claim it follows; nothing: the first of the row
  std::string warning = {};             // for those who look at it
  std::vector<std::string> from = {};   // peers
  std::vector<std::string> only = {};   // globs
};

// Hears of one transfer, at most ten times a second once it is recorded, and a last time when it is
// over. A failure before there is a transfer comes as `refused`.
struct Follower {
  std::function<void(const TransferRow&)> progress;
  std::function<void(const Failure&)> refused;
  // Of a transfer that others have started: it is refused as soon as that is stuck.
  bool no_wait = false;
  // Of a claim that is not followed: what is there, or comes there, is another publisher's.
  std::function<void(const PeerId& publisher)> foreign = {};
};

class Transfers final : public TransferListener, private HooksListener {
 public:
  Transfers(TransferDeps deps, library::Openings& openings, std::string download_dir);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // What an earlier run left; those that were running go on.
  void restore(const state::State& state);

  void fetch(const FetchOptions& options, Follower follower);
  // Into the download folder, in place of what was fetched there before and nothing else; but not
  // what was fetched there last, nor what is not claimed by who brought that.
  void fetch_published(const Claim& claim, const Follower& follower);
  // Fetches the chunks of a damaged content again that are not among the right ones.
  // The follower first hears of it when a restart would know of the damage.
  void repair(library::Item& item, proto::ChunkSet right, Follower follower);
  void follow(std::uint64_t id, const Follower& follower);

  // Answered with the row, when it is durable.
  void pause(std::uint64_t id, Follower answer);
  void resume(std::uint64_t id, Follower answer); // a failed one begins again
  void cancel(std::uint64_t id, Follower answer);
  void forget(std::uint64_t id, Follower answer);

  using Explained = std::function<void(const TransferRow&, const Reasons&)>;
  void explain(std::uint64_t id, const Explained& explained, const Follower& follower) const;

  std::vector<TransferRow> rows() const; // in the order in which they were started
  template <class Use>
  void each(Use&& use) const { // the same, in any order
    for (const auto& [id, running] : running_) use(running.transfer->row());
    for (const auto& [id, row] : ended_) use(row);
  }
  std::string path_of(const std::string& name) const; // where a fetch without output goes
  void warn(const std::string& path, const std::string& warning); // of those that go there
  bool runs(const ContentId& content) const;                      // one that is not over
  bool done(const ContentId& content) const; // one that is, and is still listed
  void on_tracker();                         // one is connected now
  void on_link(links::Link& link);
  void on_leecher(links::Link& link, const ContentId& content);
  // Hears of each transfer that is done or has failed.
  using Watch = std::function<void(const TransferRow&)>;
  void set_watch(Watch watch) { watch_ = std::move(watch); }
  void stop(std::function<void()> done); // what was fetched is made durable first

 private:
  struct Successor {
    Claim claim;
    Follower follower;
  };
  struct Running {
    std::unique_ptr<Transfer> transfer;
    std::vector<Follower> followers;
    std::optional<Successor> successor; // the newest that is to take its place
  };

  void succeed(Running& running, const Claim& claim, const Follower& follower);
  void take_published(const Claim& claim, const std::string& path,
                      const std::optional<ContentId>& wrote, const std::optional<PeerId>& origin,
                      const Follower& follower);
  void start(const FetchOptions& options, const CatalogEntry& entry, Follower follower);
  void start_with(const FetchOptions& options, const CatalogEntry& entry,
                  std::shared_ptr<const library::OpenContent> local, const Follower& follower);
  void start_anew(const FetchOptions& options, const CatalogEntry& entry, const Follower& follower);
  Transfer& add(TransferRow row);
  Running* find(std::uint64_t id);
  const Transfer* writer_to(const std::string& path) const;
  Transfer::Done answer_when_durable(std::uint64_t id, Follower answer);
  bool attach(const ContentId& content, const Follower& follower);
  static void refuse_those_in_a_hurry(Running& running);
  static void give_up(Transfer& transfer);
  static Failure unknown(std::uint64_t id);
  static Failure in_the_way(const std::string& path);
  Failure nobody_to_ask() const;
  void on_recorded(Transfer& transfer) override;
  void on_over(Transfer& transfer) override;
  void on_hook(std::uint64_t id, std::string_view status, Kept kept) override;
  void report();
  void drop_oldest();

  TransferDeps deps_;
  library::Openings& openings_;
  const std::string download_dir_;
  std::map<std::uint64_t, Running> running_;
  std::map<std::uint64_t, TransferRow> ended_;
  Watch watch_;
  std::uint64_t next_id_ = 1;
  std::list<io::Job> jobs_;
  io::Timer report_;
  io::Graveyard graveyard_;
  io::Alive<Transfers> alive_{this};
};

} // namespace p2pd::transfer
