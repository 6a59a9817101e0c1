#include "daemon/links/upload_slots.hpp"

#include "daemon/links/uploads.hpp"

#include <algorithm>

namespace p2pd::links {

namespace {

constexpr io::Clock::duration longest_way = std::chrono::seconds(3);
constexpr io::Clock::duration longest_after = std::chrono::seconds(2);
constexpr io::milliseconds slots_period{250};

} // namespace

io::Time Copies::held_until(ChunkIndex chunk) const {
  const auto hold = holds_.find(chunk);
  return hold == holds_.end() ? io::Time() : hold->second.until;
}

void Copies::begin(ChunkIndex chunk) {
  std::uint16_t& sent = sent_[number(chunk)];
  sent += sent < std::numeric_limits<std::uint16_t>::max();
  const io::Time now = io::Clock::now();
  std::erase_if(holds_, [now](const auto& hold) { return hold.second.until <= now; });
  holds_[chunk] = {now, now + longest_way};
}

void Copies::end(ChunkIndex chunk, bool whole) {
  const auto hold = holds_.find(chunk);
  if (hold == holds_.end()) return;
  const io::Time now = io::Clock::now();
  hold->second.until = whole ? now + std::min(2 * (now - hold->second.begun), longest_after) : now;
}

std::size_t UploadSlots::enter(Uploads& uploads, const std::string& host) {
  all_.push_back(&uploads);
  auto at = std::ranges::find_if(addresses_, [&](const Address& address) {
    return address.links > 0 && address.host == host;
  });
  if (at == addresses_.end()) at = std::ranges::find(addresses_, std::size_t{0}, &Address::links);
  if (at == addresses_.end()) at = addresses_.emplace(addresses_.end());
  at->host = host;
  ++at->links;
  return static_cast<std::size_t>(at - addresses_.begin());
}

void UploadSlots::leave(Uploads& uploads) {
  if (std::erase(all_, &uploads) == 0) return;
  --addresses_[uploads.address()].links;
  if (all_.empty()) look_.stop();
}

std::uint64_t UploadSlots::start_of_clock() const {
  std::optional<std::uint64_t> least;
  for (const Uploads* const uploads : all_)
    if (!uploads->idle()) least = std::min(least.value_or(uploads->clock()), uploads->clock());
  return least && *least > swarm::most_ahead ? *least - swarm::most_ahead - 1 : 0;
}

std::shared_ptr<Copies> UploadSlots::copies_of(const ContentId& content, std::uint32_t chunks) {
  if (copies_.size() >= sweep_at_) {
    std::erase_if(copies_, [](const auto& entry) { return entry.second.expired(); });
    sweep_at_ = 2 * copies_.size() + 16;
  }
  std::weak_ptr<Copies>& known = copies_[content];
  std::shared_ptr<Copies> copies = known.lock();
  if (copies == nullptr) known = copies = std::make_shared<Copies>(chunks);
  return copies;
}

void UploadSlots::set_slots(std::size_t slots) {
  slots_ = slots;
  turn();
}

std::size_t UploadSlots::busy() const {
  return static_cast<std::size_t>(std::ranges::count_if(all_, &Uploads::busy));
}

std::size_t UploadSlots::waiting() const {
  std::size_t sum = 0;
  for (const Uploads* const uploads : all_) sum += uploads->requests();
  return sum;
}

void UploadSlots::count_unproven() {
  for (Address& address : addresses_) address.unproven = 0;
  for (const Uploads* const uploads : all_)
    if (uploads->busy() && !uploads->proven()) ++addresses_[uploads->address()].unproven;
}

Uploads* UploadSlots::next() {
  waiting_.clear();
  wishes_.clear();
  count_unproven();
  std::size_t usual = 0;
  std::size_t slow = 0;
  std::size_t lingering = 0;
  for (Uploads* const uploads : all_) {
    if (uploads->pace() != swarm::Pace::usual) lingering += uploads->held();
    if (uploads->busy()) {
      usual += uploads->pace() == swarm::Pace::usual;
      slow += uploads->pace() == swarm::Pace::slow;
    }
    if (!uploads->waits()) continue;
    waiting_.push_back(uploads);
    swarm::Wish& wish = wishes_.emplace_back(uploads->wish());
    if (!wish.slot && !uploads->proven() &&
        addresses_[uploads->address()].unproven >= swarm::most_unproven(slots_))
      wish.ready = false;
  }
  if (lingering >= most_lingering_)
    for (swarm::Wish& wish : wishes_) wish.ready = wish.ready && wish.pace == swarm::Pace::usual;
  const auto next = swarm::next_turn(wishes_, swarm::free_slots(slots_, usual, slow));
  return next ? waiting_[*next] : nullptr;
}

void UploadSlots::turn() {
  while (Uploads* const uploads = next()) {
    if (!look_.active()) look_.once(slots_period);
    if (!uploads->read_next()) return memory_.wait();
  }
}

void UploadSlots::look() {
  const io::Time now = io::Clock::now();
  for (Uploads* const uploads : std::vector(all_)) uploads->look(now); // one may leave
  if (std::ranges::any_of(all_, &Uploads::busy)) look_.once(slots_period);
  turn();
}

} // namespace p2pd::links
