// One fetch of one content, from the question who has it to the finished file.
//
//   locate -> manifest -> prepare (destination) -> fetch -> finish (sync, rename) -> done
//
// While it fetches it is a source itself: its item stands in the library with the chunks it has,
// and becomes a whole one at the end. Loop thread only; owned by Transfers.
#pragma once

#include "daemon/peer/destination.hpp"
#include "daemon/peer/download.hpp"
#include "daemon/peer/links.hpp"
#include "daemon/peer/local_copy.hpp"
#include "daemon/peer/manifest_fetch.hpp"
#include "daemon/peer/trackers.hpp"

namespace p2pd::peer {

enum class TransferState : std::uint8_t { queued, running, paused, done, failed };
enum class Stage : std::uint8_t { locate, manifest, prepare, fetch, finish };
std::string_view to_text(TransferState state);
std::string_view to_text(Stage stage);

struct TransferRequest {
  std::uint64_t id = 0;
  ContentId content;
  std::string name;
  std::string destination; // absolute; ends with '/' where it is a folder to put it in
  bool force = false;
};

// What each source has given.
struct SourceShare {
  proto::PeerId id;
  std::string name;
  std::uint64_t bytes = 0;
};

// What people see of a transfer, while it runs and after.
struct TransferRow {
  TransferRequest request;
  TransferState state = TransferState::running;
  Stage stage = Stage::locate;
  std::uint64_t size = 0;
  std::uint64_t done_bytes = 0;
  double rate = 0; // bytes per second, lately
  std::size_t sources = 0;
  std::vector<SourceShare> shares;
  std::string path;     // where it will lie, or does
  bool already = false; // the same content was there
  Failure failure;      // where it failed
  io::Time started = io::Clock::now();
  io::Time ended{};

  bool over() const { return state == TransferState::done || state == TransferState::failed; }
};

class Transfer;

class TransferListener {
 public:
  virtual void on_over(Transfer& transfer) = 0; // done or failed, once

 protected:
  ~TransferListener() = default;
};

// What transfers need of the peer that they run in.
struct TransferHouse {
  io::Loop& loop;
  disk::BufferPool& buffers;
  Library& library;
  Trackers& trackers;
  Links& links;
  std::shared_ptr<const disk::Folders> destinations;
};

class Transfer final : public LinkUser, public DownloadListener {
 public:
  Transfer(TransferHouse& house, TransferRequest request, std::uint64_t size,
           TransferListener& listener);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void start();
  void start_from(const Item& item); // from what this node has
  const TransferRow& row() const { return row_; }
  void on_link(Link& link); // a new one: it may be to a peer that was located

 private:
  void on_has_all(Link& link) override;
  void on_has(Link& link, const proto::Bitmap& have) override;
  void on_gained(Link& link, std::span<const ChunkIndex> chunks) override;
  void on_gone(Link& link) override;
  void on_manifest_size(Link& link, proto::RequestId request, std::uint32_t size) override;
  proto::MutableView segment_space(Link& link, const proto::Segment& segment) override;
  void on_segment(Link& link, const proto::Segment& segment) override;
  void on_failed(Link& link, const proto::Failed& failed) override;
  void on_link_closed(Link& link) override;

  void on_chunk(ChunkIndex chunk, const proto::PeerId& from) override;
  void on_complete() override;
  void on_write_failed(const disk::Fault& fault) override;

  void locate();
  void enter(Prepared prepared);
  void on_located(const std::vector<proto::Source>& sources);
  void on_manifest(CheckedManifest checked);
  void on_prepared(Prepared prepared);
  void on_finished(const disk::Outcome& finished);
  void offer(Link& link); // what the link has, to the download
  void on_second();
  void end(TransferState state, Failure failure = {});

  TransferHouse& house_;
  TransferListener& listener_;
  TransferRow row_;
  std::set<proto::PeerId> located_;
  std::set<Link*> used_;                                 // links that know this transfer
  std::map<Link*, std::optional<proto::Bitmap>> offers_; // without a bitmap: everything
  CheckedManifest manifest_;
  ManifestFetch manifest_fetch_;
  std::shared_ptr<disk::WriteStore> store_;
  std::unique_ptr<Download> download_;
  std::shared_ptr<const disk::Store> local_; // another copy on this machine
  std::unique_ptr<LocalCopy> copy_;
  io::Job job_;
  io::Timer second_;
  unsigned seconds_ = 0;
  std::uint64_t counted_bytes_ = 0;                                      // at the last second
  std::shared_ptr<Transfer*> alive_ = std::make_shared<Transfer*>(this); // for answers of trackers
};

} // namespace p2pd::peer
