#include "daemon/links/upload_slots.hpp"

#include "daemon/io/recycled.hpp"
#include "daemon/links/uploads.hpp"

#include <algorithm>

namespace p2pd::links {

swarm::Taker UploadSlots::enter(Uploads& uploads, const std::string& host) {
  const swarm::Taker taker = server_.enter(host);
  uploads_.emplace(taker, &uploads);
  return taker;
}

void UploadSlots::leave(Uploads& uploads) {
  const auto found =
      std::ranges::find(uploads_, &uploads, [](const auto& each) { return each.second; });
  if (found == uploads_.end()) return;
  server_.leave(found->first, io::Clock::now());
  uploads_.erase(found);
  if (!uploads_.empty()) return;
  look_.stop();
  again_.stop();
}

std::shared_ptr<swarm::Copies> UploadSlots::copies_of(const ContentId& content,
                                                      std::uint32_t chunks) {
  if (copies_.size() >= sweep_at_) {
    std::erase_if(copies_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = 2 * copies_.size() + 16;
  }
  std::weak_ptr<swarm::Copies>& known = copies_[content];
  std::shared_ptr<swarm::Copies> copies = known.lock();
  if (copies == nullptr) known = copies = std::make_shared<swarm::Copies>(chunks, &io::recycled());
  return copies;
}

void UploadSlots::set_slots(std::size_t slots) {
  server_.set_slots(slots);
  turn();
}

void UploadSlots::turn() {
  const io::Time now = io::Clock::now();
  while (const auto turn = server_.next(now)) {
    const bool begun = uploads_.at(turn->taker)->read(*turn);
    look_soon();
    if (!begun) return memory_.wait();
  }
  if (const auto again = server_.again())
    again_.once(io::ceil_milliseconds(*again - now));
  else
    again_.stop();
}

void UploadSlots::begin(const swarm::Server::Turn& turn, std::uint64_t sent, std::uint64_t given) {
  for (const auto& [taker, ticket] : server_.begin(turn, sent, given, io::Clock::now()))
    uploads_.at(taker)->drop(ticket);
}

void UploadSlots::look() {
  const io::Time now = io::Clock::now();
  std::vector<Uploads*> all; // one may leave
  for (const auto& [taker, uploads] : uploads_) all.push_back(uploads);
  for (Uploads* const uploads : all) uploads->look(now);
  if (busy() > 0) look_soon();
  turn();
}

void UploadSlots::look_soon() {
  const io::milliseconds wait = io::ceil_milliseconds(server_.look_after());
  if (look_.active() && wait >= wait_) return;
  wait_ = wait;
  look_.once(wait);
}

} // namespace p2pd::links
