// Reloads config and secrets while the daemon runs. Everything is read and checked before any of it
// takes effect, so a mistake changes nothing. Loop thread only; member of the app.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/disk/outcome.hpp"
#include "daemon/io/job.hpp"
#include "daemon/net/session_set.hpp"

#include <functional>

namespace p2pd::app {

// What takes effect now.
struct Reloaded {
  base::Config config;
  base::ConfigChanges changes;
  std::vector<proto::noise::Psk> secrets; // none: this node is not in a network
};

class Reloader final {
 public:
  using Read = std::function<base::Config()>; // any thread; throws what load_config throws
  using Apply = io::Bound<void(Reloaded&)>;
  // What took effect, or the first mistake, in one line.
  using Done = std::function<void(const disk::Result<base::ConfigChanges>&)>;

  Reloader(io::Loop& loop, const base::Config& running, const net::SessionSet& sessions, Read read,
           Apply apply)
      : loop_(loop)
      , running_(running)
      , sessions_(sessions)
      , read_(std::move(read))
      , apply_(apply) {}
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  void reload(Done done); // reloads are serialised
  void stop();

 private:
  struct Reading {
    std::optional<Reloaded> reloaded;
    std::string mistakes; // one per line
  };
  void begin();
  void on_read(Reading& reading, const std::vector<Done>& waiting);
  disk::Result<base::ConfigChanges> result(Reading& reading);

  io::Loop& loop_;
  const base::Config& running_;
  const net::SessionSet& sessions_;
  const Read read_;
  const Apply apply_;
  std::vector<Done> waiting_; // for the next reload
  io::Job reading_;
};

} // namespace p2pd::app
