// All fetches of this peer: starts them, keeps those that ended in the list, and tells whoever
// follows one how it goes. Loop thread only.
#pragma once

#include "daemon/peer/transfer.hpp"

namespace p2pd::peer {

struct FetchOptions {
  std::string word;   // a name, NAME@PEER or a prefix of an id
  std::string output; // absolute, "" for the download folder; a folder where it ends with '/'
  bool force = false;
};

// Hears of one transfer, at most ten times a second, and a last time when it is over. A failure
// before there is a transfer comes as `refused`.
struct Follower {
  std::function<void(const TransferRow&)> progress;
  std::function<void(const Failure&)> refused;
};

class Transfers final : public TransferListener {
 public:
  Transfers(TransferHouse house, std::string download_dir);
  ~Transfers();
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  void fetch(const FetchOptions& options, Follower follower);
  std::vector<TransferRow> rows() const;     // in the order in which they were started
  bool runs(const ContentId& content) const; // one that is not over
  void on_link(Link& link);
  void stop(); // at once; what was verified stays on the disk

 private:
  struct Running {
    std::unique_ptr<Transfer> transfer;
    std::vector<Follower> followers;
  };

  void choose(const FetchOptions& options, std::vector<CatalogEntry> rows,
              const Follower& follower);
  void start(const FetchOptions& options, const CatalogEntry& entry, Follower follower);
  void start_with(const FetchOptions& options, const CatalogEntry& entry, const Follower& follower);
  Failure nobody_to_ask() const;
  std::vector<CatalogEntry> local_rows(std::string_view word) const;
  void on_over(Transfer& transfer) override;
  void report();
  void bury();

  TransferHouse house_;
  const std::string download_dir_;
  std::map<std::uint64_t, Running> running_;
  std::map<std::uint64_t, TransferRow> ended_;
  std::vector<std::unique_ptr<Transfer>> buried_;
  std::list<io::Job> checks_; // whether what the library has is still on the disk
  std::uint64_t next_id_ = 1;
  io::Timer report_;
  io::Deferred bury_;
};

} // namespace p2pd::peer
