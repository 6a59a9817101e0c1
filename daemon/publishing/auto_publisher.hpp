// Publishes what lies in the share folders by itself: each file or folder right below them, under
// its own name, once it has settled, and again when it was changed.
//
//   look (names and attributes of everything below) -> the same as at the last look, and nobody has
//   it open for writing? -> publish
//
// Where it cannot be known who writes, it is to stay the same for longer. Looking again and again,
// and not inotify: that sees nothing on network file systems, needs a watch for every folder, and
// still does not tell when a file is complete. Looks cost at most one part in fifty of a core.
// Hidden files and what the config excludes are left alone. What cannot be looked at or hashed for
// now stays as it was and is tried again. Loop thread only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/io/alive.hpp"
#include "daemon/library/trouble.hpp"
#include "daemon/publishing/publisher.hpp"
#include "daemon/store/writers.hpp"

#include <stop_token>

namespace p2pd::publishing {

using proto::ContentId;

// Where it looks, and what it leaves alone there.
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
  std::function<void(const ContentId&)> doubt; // something is not there any more
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
    store::Writers writers = store::Writers::none; // of what is to be published, if it has settled
  };
  struct Look {
    std::map<std::string, disk::Result<Looked>> found;       // by path
    std::vector<std::pair<std::string, disk::Fault>> unseen; // folders
  };
  struct Known {
    Fingerprint fingerprint;
    bool handled = false; // published as it is now, or refused
    io::Time since{};     // it is like this
    bool told = false;    // that it waits for who writes
    unsigned tries = 0;   // that came to nothing, for causes that pass
    io::Time again{};     // not to be tried before
    std::string cause{};  // of the last of these
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
  std::map<std::string, std::string> unseen_; // by path: why it could not be looked at
  io::Time began_{};
  std::stop_source stop_;
  io::Job job_;
  io::Timer timer_;
  io::Alive<AutoPublisher> alive_{this};
};

} // namespace p2pd::publishing
