// [peer] auto_publish: publishes each file or folder directly in the share folders under its own
// name once it has settled, and again when it has changed.
//
//   look (names and attributes of everything below) -> unchanged since the last look, and nobody
//   has it open for writing? -> publish
//
// If writers cannot be determined, it has to stay unchanged for longer. It polls instead of using
// inotify, which sees nothing on network file systems, needs a watch per folder, and does not tell
// when a file is complete. Polling costs at most 2 % of a core. Hidden files and what the config
// excludes are ignored. What cannot be read or hashed for now is left as it is and retried. Loop
// thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/library/trouble.hpp"
#include "daemon/publishing/publisher.hpp"
#include "daemon/store/writers.hpp"

#include <stop_token>

namespace p2pd::publishing {

using proto::ContentId;

// Where it looks, and what it ignores there.
struct AutoPublishPlaces {
  std::shared_ptr<const disk::Folders> shared;
  std::vector<std::string> folders;
  std::vector<std::string> exclude; // globs, as in scan_rules.hpp

  bool operator==(const AutoPublishPlaces&) const = default;
};

struct AutoPublisherDeps {
  io::Loop& loop;
  library::Library& library;
  Publisher& publisher;
  AutoPublishPlaces places;
  std::function<void(const ContentId&)> doubt; // something has disappeared
};

class AutoPublisher final {
 public:
  explicit AutoPublisher(AutoPublisherDeps deps);
  ~AutoPublisher() { stop(); }
  AutoPublisher(const AutoPublisher&) = delete;
  AutoPublisher& operator=(const AutoPublisher&) = delete;

  void stop();
  const AutoPublishPlaces& places() const { return deps_.places; }
  std::vector<library::Trouble> troubles() const;

 private:
  using Fingerprint = std::vector<disk::Identity>; // of all its files: changed if one of them is
  struct Looked {
    Fingerprint fingerprint;
    store::Writers writers = store::Writers::none; // if it has settled
  };
  struct Look {
    std::map<std::string, disk::Result<Looked>> found;       // by path
    std::vector<std::pair<std::string, disk::Fault>> unseen; // folders
  };
  struct Known {
    Fingerprint fingerprint;
    bool handled = false; // published in this state, or refused
    io::Time since{};     // unchanged since then
    bool told = false;    // that it waits for a writer
    unsigned tries = 0;   // that failed for temporary causes
    io::Time again{};     // not to be retried before
    std::string cause{};  // of the last failure
  };

  using Fingerprints = std::map<std::string, Fingerprint>; // by path
  static Look look_around(const AutoPublishPlaces& places, const Fingerprints& settling,
                          const std::stop_token& stop);
  static disk::Result<Looked> look_at(const AutoPublishPlaces& places, const std::string& path,
                                      const Fingerprints& settling, const std::stop_token& stop);
  void look();
  void on_looked(const Look& look);
  void consider(const std::string& path, const Looked& looked);
  void publish(const std::string& path);
  void on_passing(const std::string& path, const disk::Fault& fault);

  const AutoPublisherDeps deps_;
  std::map<std::string, Known> known_;        // by path
  std::map<std::string, std::string> unseen_; // by path: why it could not be read
  io::Time began_{};
  std::stop_source stop_;
  io::Job job_;
  io::Timer timer_;
  io::Alive<AutoPublisher> alive_{this};
};

} // namespace p2pd::publishing
