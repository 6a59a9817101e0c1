// Sends a catalog to a client, however large it is: a small one in its answer, a larger one in
// parts as it is read, each an event, of which the answer is the last. What is kept is a part and a
// page, and nothing is read for a client that has gone, or does not read.
//
// Loop thread only. It owns what runs, and is owned by the handlers.
#pragma once

#include "daemon/control/call.hpp"
#include "daemon/io/graveyard.hpp"
#include "daemon/io/timer.hpp"
#include "proto/tracker_messages.hpp"

#include <list>
#include <memory>

namespace p2pd::control {

struct CatalogPage {
  std::vector<proto::CatalogEntry> rows;
  std::string next;    // the cursor of the next page; "": there is none
  std::string warning; // why something may be missing; "": nothing is
};

class CatalogStreams final {
 public:
  explicit CatalogStreams(io::Loop& loop);
  ~CatalogStreams();
  CatalogStreams(const CatalogStreams&) = delete;
  CatalogStreams& operator=(const CatalogStreams&) = delete;

  // ask(cursor, take) asks for the page behind the cursor, "" for the first, and calls take(page)
  // once, at once or later.
  using Take = std::function<void(CatalogPage page)>;
  using Ask = std::function<void(const std::string& cursor, Take take)>;
  void start(const CallPtr& call, Ask ask);

 private:
  class Stream;
  void ended(Stream& stream);

  io::Loop& loop_;
  std::list<std::shared_ptr<Stream>> streams_;
  io::Graveyard graveyard_;
};

} // namespace p2pd::control
