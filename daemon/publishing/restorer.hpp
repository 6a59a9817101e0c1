// Restores the library: at the start, and for contents that could not be read. An unchanged file is
// offered at once; a changed one is hashed first and offered only if it is still the same content.
// If only inodes differ that are not persistent, a sample of its chunks is hashed, and the rest is
// the next to be verified (verifier.hpp). A missing file is skipped, since its disk may come back.
// One that cannot be read for now is retried with exponential back-off. Loop thread only.
#pragma once

#include "daemon/io/alive.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/library/openings.hpp"
#include "daemon/library/trouble.hpp"
#include "daemon/membership/backoff.hpp"
#include "daemon/membership/trackers.hpp"

#include <deque>
#include <stop_token>

namespace p2pd::publishing {

using proto::ContentId;

struct RestorerDeps {
  io::Loop& loop;
  state::StateDb& state;
  library::Library& library;
  membership::Trackers& trackers;
  library::PeerFolders folders;
};

class Restorer final {
 public:
  explicit Restorer(const RestorerDeps& deps);
  ~Restorer() { stop(); }
  Restorer(const Restorer&) = delete;
  Restorer& operator=(const Restorer&) = delete;

  void restore(std::vector<state::LibraryRecord> records);
  void restore(const ContentId& content); // at every path in the state database
  bool idle() const { return waiting_.empty() && changed_.empty() && !job_.running() && !asking_; }
  void stop();
  std::vector<library::Trouble> troubles() const; // what waits to be retried

 private:
  enum class Verdict : std::uint8_t { unchanged, changed, missing, unknown };
  struct Looked {
    Verdict verdict = Verdict::unknown;
    std::optional<proto::ChunkSet> have;          // if it is incomplete
    std::optional<disk::Attributes> attributes{}; // of a single file
    std::string cause{};                          // if unknown
  };
  using Records = std::deque<state::LibraryRecord>;
  using Batch = std::vector<state::KnownFiles>;
  struct Rehashed {
    std::shared_ptr<const store::ReadStore> store; // null: another content now, or a fault
    std::optional<disk::Fault> fault;              // it could not be hashed
    std::shared_ptr<const proto::Bytes> manifest;
    proto::ChunkSet have;
    std::uint64_t system = 0;
    bool sampled = false;                       // not every chunk was hashed
    std::optional<disk::Attributes> attributes; // of a single file
  };

  void next();
  void on_known(disk::Result<Batch> known, const Records& left);
  void check(Batch batch);
  static Looked look(const library::PeerFolders& folders, const state::KnownFiles& known);
  void rehash(const state::LibraryRecord& record);
  static Rehashed hash(const library::PeerFolders& folders, const state::KnownFiles& known,
                       const std::stop_token& stop);
  void on_rehashed(const state::LibraryRecord& record, const Rehashed& rehashed);
  static Looked looked(const disk::Fault& fault);
  void missing(const state::LibraryRecord& record);
  void later(const state::LibraryRecord& record, const std::string& cause);
  void try_again();
  void arm();
  void enter(const state::LibraryRecord& record, std::optional<proto::ChunkSet> have,
             const std::optional<disk::Attributes>& attributes);

  const RestorerDeps deps_;
  Records waiting_;
  Records changed_;
  struct Later {
    std::vector<state::LibraryRecord> records; // one per name
    std::string cause;
    membership::Backoff backoff;
    io::Time due{}; // not set: in progress
  };
  std::map<std::pair<ContentId, std::string>, Later> later_; // by content and path
  std::stop_source stop_;
  io::Job job_;
  bool asking_ = false;
  io::Timer again_;
  io::Alive<Restorer> alive_{this};
};

} // namespace p2pd::publishing
