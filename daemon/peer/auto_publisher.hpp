// Publishes what lies in the share folders by itself: each file or folder right below them, under
// its own name, once it has settled, and again when it was changed.
//
//   look (names and attributes of everything below) -> the same as at the last look? -> publish
//
// Looking again and again, and not inotify: that sees nothing on network file systems, needs a
// watch for every folder, and still does not tell when a file is complete. Looks cost at most one
// part in fifty of a core. Hidden files and those that end in ".part" are left alone. Loop thread
// only.
#pragma once

#include "daemon/disk/confine.hpp"
#include "daemon/peer/publisher.hpp"

#include <stop_token>

namespace p2pd::peer {

struct AutoPublisherHouse {
  io::Loop& loop;
  Library& library;
  Publisher& publisher;
  std::shared_ptr<const disk::Folders> shared;
  std::vector<std::string> folders;
  std::function<void(const ContentId&)> doubt; // something is not there any more
};

class AutoPublisher final {
 public:
  explicit AutoPublisher(AutoPublisherHouse house);
  ~AutoPublisher() { stop(); }
  AutoPublisher(const AutoPublisher&) = delete;
  AutoPublisher& operator=(const AutoPublisher&) = delete;

  void stop();

 private:
  using Print = std::vector<disk::Identity>; // of all its files: changed if one of them is
  using Look = std::map<std::string, disk::Result<Print>>; // by path
  struct Known {
    Print print;
    bool handled = false; // published as it is now, or refused
  };

  static Look look_around(const disk::Folders& shared, const std::vector<std::string>& folders,
                          const std::stop_token& stop);
  void look();
  void on_looked(const Look& look);
  void consider(const std::string& path, const Print& print);
  void publish(const std::string& path);

  const AutoPublisherHouse house_;
  std::map<std::string, Known> known_; // by path
  io::Time began_{};
  std::stop_source stop_;
  io::Job job_;
  io::Timer timer_;
};

} // namespace p2pd::peer
