#include "daemon/links/uploads.hpp"

#include "daemon/base/log.hpp"
#include "daemon/io/interfaces.hpp"
#include "daemon/net/bulk_image.hpp"

#include <algorithm>
#include <array>
#include <sys/uio.h>

namespace p2pd::links {

namespace {

constexpr std::size_t read_ahead_images = 2;   // and for a slow link 1
constexpr std::size_t high_water = 256 * 1024; // unsent bytes above which nothing is added
constexpr std::uint32_t manifest_part = 512 * 1024;
// Without a byte taken. Whoever cannot write what comes cancels it and goes on reading.
constexpr io::Clock::duration longest_idle = std::chrono::seconds(60);

} // namespace

Uploads::Uploads(io::Loop& loop, disk::BufferPool& buffers, Limits& limits, UploadSlots& slots,
                 net::Session& session, UploadsListener& listener)
    : loop_(loop)
    , buffers_(buffers)
    , limits_(limits)
    , slots_(slots)
    , session_(session)
    , listener_(listener)
    , allowed_(loop, io::bind<&Uploads::pump>(this))
    , delayed_(loop, io::bind<&Uploads::pump>(this))
    , local_(io::on_own_network(session.remote())) {
  if (!local_) session_.use_default_control();
  address_ = slots_.enter(*this, session_.remote().host());
}

void Uploads::serve_chunk(const proto::Request& request, const library::Content& content,
                          std::shared_ptr<Copies> copies) {
  Part part;
  part.request = request.request;
  part.due = io::Clock::now() + limits_.delay;
  part.content = request.content;
  part.length = content.manifest->length(request.chunk);
  part.at = content.manifest->offset(request.chunk);
  part.store = content.store;
  part.chunk = request.chunk;
  part.copies = std::move(copies);
  enqueue(std::move(part));
}

void Uploads::serve_manifest(const proto::ManifestRequest& request,
                             const library::Content& content) {
  const auto size = static_cast<std::uint32_t>(content.manifest_bytes->size());
  session_.send(proto::ManifestSize{request.request, size});
  for (std::uint32_t offset = 0; offset < size; offset += manifest_part) {
    Part part;
    part.request = request.request;
    part.offset = offset;
    part.length = std::min(manifest_part, size - offset);
    part.bytes = content.manifest_bytes;
    if (!enqueue(std::move(part))) return;
  }
}

bool Uploads::enqueue(Part part) {
  if (waiting_.size() >= most_waiting) {
    refuse(part.request);
    return false;
  }
  if (idle()) clock_ = std::max(clock_, slots_.start_of_clock());
  waiting_.push_back(std::move(part));
  pump();
  return true;
}

void Uploads::refuse(proto::RequestId request) {
  session_.refused(net::Refusal::requests);
  session_.send(proto::Failed{request, proto::Reason::busy, "too many requests wait already"});
}

void Uploads::cancel(proto::RequestId request) {
  bool ended =
      std::erase_if(waiting_, [&](const Part& part) { return part.request == request; }) > 0;
  for (Image& image : images_) {
    if (image.part.request != request) continue;
    ended = ended || !image.cancelled;
    image.cancelled = true;
  }
  if (ended) session_.send(proto::Failed{request, proto::Reason::refused, "it was cancelled"});
  pump();
}

void Uploads::stop() {
  stopped_ = true;
  allowed_.stop();
  delayed_.stop();
  waiting_.clear();
  for (const Image& image : images_)
    if (image.part.copies != nullptr) image.part.copies->end(image.part.chunk, false);
  images_.clear(); // jobs that run finish by themselves, with their own hold on the buffer
  slots_.leave(*this);
  slots_.turn();
}

proto::Reason reason_of(const disk::Fault& fault) {
  return fault.meaning() == disk::Meaning::exhausted ? proto::Reason::busy
                                                     : proto::Reason::internal;
}

void Uploads::pump() {
  if (stopped_) return;
  send_segments();
  slots_.turn();
}

// Of those that are due, the one that was sent the least; the first of equals.
std::pmr::deque<Uploads::Part>::iterator Uploads::next_part() {
  const io::Time now = io::Clock::now();
  auto best = waiting_.end();
  for (auto part = waiting_.begin(); part != waiting_.end(); ++part)
    if (part->earliest() <= now && (best == waiting_.end() || part->copy() < best->copy()))
      best = part;
  return best;
}

swarm::Wish Uploads::wish() {
  const std::size_t most = pace() == swarm::Pace::usual ? read_ahead_images : 1;
  if (images_.size() >= most) return {.clock = clock_, .slot = true, .pace = pace()};
  const auto part = next_part();
  if (part != waiting_.end())
    return {.clock = clock_, .copies = part->copy(), .ready = true, .slot = busy(), .pace = pace()};
  const auto first = std::ranges::min_element(waiting_, {}, &Part::earliest);
  delayed_.once(io::ceil_milliseconds(first->earliest() - io::Clock::now()));
  return {.clock = clock_, .slot = busy(), .pace = pace()};
}

std::size_t Uploads::held() const {
  std::size_t bytes = 0;
  for (const Image& image : images_) bytes += image.part.length;
  return bytes;
}

// What is queued here is what the kernel, and so the other side, does not take.
void Uploads::look(io::Time now) {
  const swarm::Pace before = pace();
  const std::uint64_t queued = session_.queued();
  meter_.look(now, sent_ - std::min(sent_, queued), queued > 0);
  if (pace() != swarm::Pace::stuck) return;
  if (before != pace())
    base::log::info("uploads", {{"peer", to_text(session_.id())}},
                    "{} hardly takes what it asks for; all others are served before it",
                    session_.hello().name);
  put_back();
  if (meter_.idle(now) >= longest_idle)
    session_.close(proto::Reason::refused, "it took nothing of what it had asked for");
}

// The memory of what it is not sent yet.
void Uploads::put_back() {
  while (images_.size() > 1 && images_.back().ready && !images_.back().cancelled) {
    Part part = std::move(images_.back().part);
    images_.pop_back();
    if (part.copies != nullptr) part.copies->end(part.chunk, false);
    waiting_.push_front(std::move(part));
  }
}

bool Uploads::read_next() {
  const auto part = next_part();
  auto buffer = buffers_.take(disk::Direction::upload, net::bulk_image_size(part->length));
  if (buffer == nullptr) return false;
  Image& image = images_.emplace_back();
  image.part = std::move(*part);
  image.buffer = std::move(buffer);
  waiting_.erase(part);
  if (image.part.copies != nullptr) image.part.copies->begin(image.part.chunk);
  clock_ += swarm::charge(image.part.length, session_.payload_sent(), session_.payload_received());
  image.job = io::run(
      loop_,
      [part = image.part, bytes = image.buffer->bytes(), buffer = image.buffer] {
        return fill(part, bytes);
      },
      [this, &image](const disk::Outcome& outcome) { on_read(image, outcome); });
  return true;
}

// Pool thread.
disk::Outcome Uploads::fill(const Part& part, proto::MutableView image) {
  std::array<iovec, proto::max_chunk_size / net::bulk_payload> payloads;
  std::size_t count = 0;
  std::size_t copied = part.offset;
  net::each_payload(image, part.length, [&](proto::MutableView payload) {
    if (part.bytes != nullptr)
      std::copy_n(part.bytes->data() + copied, payload.size(), payload.data());
    payloads[count++] = {payload.data(), payload.size()};
    copied += payload.size();
  });
  if (part.bytes != nullptr) return {};
  return part.store->read(part.at, std::span(payloads).first(count));
}

void Uploads::on_read(Image& image, const disk::Outcome& outcome) {
  image.ready = true;
  if (!outcome) {
    base::log::warn("uploads", "a chunk cannot be read: {}", outcome.fault().message);
    session_.send(
        proto::Failed{image.part.request, reason_of(outcome.fault()), "it cannot be read here"});
    image.cancelled = true;
    listener_.on_unreadable(image.part.content, outcome.fault());
  }
  pump();
}

void Uploads::send_segments() {
  while (!images_.empty() && images_.front().ready && session_.queued() < high_water) {
    Image& image = images_.front();
    if (!image.cancelled && !send_segment(image)) return;
    if (image.cancelled || image.sent == image.part.length) end_image();
  }
}

void Uploads::end_image() {
  const Image& image = images_.front();
  if (image.part.copies != nullptr) image.part.copies->end(image.part.chunk, !image.cancelled);
  if (image.part.store != nullptr && !image.cancelled) slots_.sent_chunk();
  images_.pop_front();
}

// False: the limit says to wait.
bool Uploads::send_segment(Image& image) {
  const proto::Segment segment{image.part.request, image.part.offset + image.sent,
                               std::min(proto::max_segment, image.part.length - image.sent)};
  const io::Time now = io::Clock::now();
  if (!exempt() && !limits_.up.bucket.take(segment.length, now)) {
    allowed_.once(io::ceil_milliseconds(limits_.up.bucket.wait(now)));
    return false;
  }
  // A segment is a whole number of slots, but for the last, so each begins where the one before
  // ended.
  static_assert(proto::max_segment % net::bulk_payload == 0);
  const std::size_t start = image.sent / net::bulk_payload * net::bulk_slot;
  session_.send_segment(segment, image.buffer->bytes().subspan(start), image.buffer);
  image.sent += segment.length;
  sent_ += segment.length;
  return true;
}

} // namespace p2pd::links
