#include "tests/bench/tracker/desk.hpp"

#include "tests/bench/tracker/announce_udp.hpp"
#include "tests/bench/tracker/catalog_frames.hpp"

namespace bench {

namespace {

// Member 0 asks while others work. Who searches takes turns: a search in a large catalog is about
// what a tracker does for one peer at a time.
constexpr std::size_t asker = 0;
constexpr io::milliseconds between_questions{20};
constexpr std::size_t publish_batch = 64;
constexpr std::size_t announced_contents = 256;

std::string milliseconds_of(std::chrono::microseconds time) {
  return std::to_string(static_cast<double>(time.count()) / 1000);
}

} // namespace

Desk::Desk(io::Loop& loop, const char* socket, std::uint16_t port, const proto::noise::Psk& secret)
    : loop_(loop)
    , crowd_(loop, *this, port, secret)
    , listener_(loop, std::filesystem::path(socket), io::bind<&Desk::on_accept>(this))
    , load_over_(loop, io::bind<&Desk::on_load_over>(this))
    , ask_again_(loop, io::bind<&Desk::ask>(this)) {}

void Desk::on_accept(std::unique_ptr<io::Stream> stream) {
  front_ = std::move(stream);
  front_->listen_to(*this);
  front_->start_reading();
}

void Desk::on_read(std::size_t bytes) {
  carry_out(std::istringstream(std::string(line_.begin(), line_.begin() + bytes)));
}

void Desk::carry_out(std::istringstream order) {
  std::string word;
  order >> word;
  begin_ = io::Clock::now();
  if (word == "connect") {
    std::size_t members = 0;
    order >> members;
    crowd_.make(members);
    held_.resize(crowd_.size());
    task_ = Task::connect;
    begin_ = io::Clock::now(); // the keys are made
    crowd_.bring();
  } else if (word == "hold") {
    order >> contents_ >> each_;
    task_ = Task::hold;
    for (std::size_t number = 0; number < crowd_.size(); ++number)
      publish_next(crowd_.member(number));
  } else if (word == "announce" || word == "locate") {
    task_ = word == "announce" ? Task::announce : Task::locate;
    begin_load(order);
  } else if (word == "search") {
    order >> pattern_ >> questions_;
    task_ = Task::search;
    latency_ = {};
    ask();
  } else if (word == "return") {
    task_ = Task::come_back;
    whole_ = 0;
    std::ranges::fill(held_, 0);
  } else if (word == "udp") {
    std::uint16_t port = 0;
    double time = 0;
    order >> port >> time;
    const std::uint64_t count = announce_udp(port, time);
    answer("count=" + std::to_string(count) + " seconds=" + std::to_string(seconds()));
  } else {
    loop_.stop();
  }
}

void Desk::answer(const std::string& figures) {
  task_ = Task::none;
  const proto::View line = proto::view(figures);
  proto::Bytes bytes(line.begin(), line.end());
  bytes.push_back('\n');
  front_->write(std::move(bytes));
}

double Desk::seconds() const {
  return std::chrono::duration<double>(io::Clock::now() - begin_).count();
}

std::string Desk::latency() const {
  return " p50=" + milliseconds_of(latency_.quantile(0.5)) +
         " p99=" + milliseconds_of(latency_.quantile(0.99)) +
         " most=" + milliseconds_of(latency_.max());
}

void Desk::on_complete() {
  if (task_ == Task::connect) answer("seconds=" + std::to_string(seconds()));
}

void Desk::on_member_ready(Member& member) {
  if (task_ == Task::come_back) publish_next(member);
}

void Desk::on_member_answered(Member& member) {
  if (task_ == Task::hold || task_ == Task::come_back) return publish_next(member);
  if (task_ == Task::search || member.number() == asker) return on_asked();
  count_ += batch_;
  load(member);
}

void Desk::publish_next(Member& member) {
  std::size_t& held = held_[member.number()];
  const std::size_t end = std::min(held + publish_batch, each_);
  if (held == end) {
    if (++whole_ == crowd_.size()) answer("seconds=" + std::to_string(seconds()));
    return;
  }
  const std::size_t answers = end - held;
  proto::Bytes frames;
  for (; held < end; ++held) {
    const std::size_t number = member.number() * each_ + held;
    publish(number % contents_, number < contents_, frames);
  }
  member.say(frames, answers);
}

// The contents that are announced are others than those that are held; several members announce
// each of them, and only the first of these claims its name.
void Desk::begin_load(std::istringstream& order) {
  std::size_t time = 0;
  order >> loading_ >> batch_ >> time;
  batches_.assign(loading_, {});
  for (std::size_t member = 0; member < loading_; ++member)
    for (std::size_t i = 0; i < batch_; ++i) {
      proto::Bytes& frames = batches_[member];
      const std::size_t number = contents_ + (member * batch_ + i) / 2 % announced_contents;
      if (task_ == Task::locate)
        locate((member * batch_ + i) % contents_, frames);
      else if (i % 2 == 0)
        publish(number, member * batch_ / 2 < announced_contents, frames);
      else
        unpublish(number, frames);
    }
  over_ = false;
  count_ = 0;
  latency_ = {};
  load_over_.once(io::milliseconds(time * 1000));
  for (std::size_t member = 0; member < batches_.size(); ++member)
    load(crowd_.member(asker + 1 + member));
  if (task_ == Task::announce) ask();
}

void Desk::load(Member& member) {
  if (!over_) return member.say(batches_[member.number() - asker - 1], batch_);
  if (--loading_ > 0) return;
  answer("count=" + std::to_string(count_) + " seconds=" + std::to_string(seconds()) + latency());
}

void Desk::on_load_over() {
  over_ = true;
  ask_again_.stop();
}

void Desk::ask() {
  proto::Bytes frame;
  list(task_ == Task::search ? pattern_ : "", frame);
  asked_ = io::Clock::now();
  crowd_.member(task_ == Task::search ? questions_ % crowd_.size() : asker).say(frame, 1);
}

void Desk::on_asked() {
  latency_.add(io::Clock::now() - asked_);
  if (task_ == Task::announce && !over_) ask_again_.once(between_questions);
  if (task_ != Task::search) return;
  if (--questions_ == 0)
    answer(latency());
  else
    ask();
}

} // namespace bench
