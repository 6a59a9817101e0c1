#include "daemon/control/catalog_stream.hpp"

#include "daemon/control/node.hpp"

#include <algorithm>
#include <deque>
#include <iterator>

namespace p2pd::control {

namespace {

using proto::CatalogEntry;

constexpr std::size_t most_in_answer = 10'000; // rows: some MB, made in tens of milliseconds
constexpr std::size_t most_in_part = 500;      // likewise, a millisecond of the loop
constexpr std::size_t most_pages = 100'000;    // nobody may keep it going for ever
constexpr io::milliseconds look_again{5};      // whether a client that reads slowly has room
// Until the next step. A timer of 0 ms that starts itself again is due at once, before the loop has
// looked at anything else (libuv before 1.45).
constexpr io::milliseconds turn_of_others{1};

Value files_of(const std::vector<CatalogEntry>& rows) {
  Value::Array files;
  files.reserve(rows.size());
  for (const CatalogEntry& row : rows) files.push_back(file_value(row));
  return Value(std::move(files));
}

} // namespace

class CatalogStreams::Stream final : public std::enable_shared_from_this<Stream> {
 public:
  Stream(CatalogStreams& all, CallPtr call, Ask ask)
      : all_(all)
      , call_(std::move(call))
      , ask_(std::move(ask))
      , step_(all.loop_, io::bind<&Stream::step>(this)) {}

  void step() {
    if (call_->gone()) return all_.ended(*this);
    if (rows_.size() > most_in_answer || (in_parts_ && rows_.size() >= most_in_part))
      return send_part();
    if (whole_) return answer();
    if (++pages_ > most_pages) {
      whole_ = true;
      warning_ = "the catalog does not end, so it is not read further";
      return step();
    }
    ask_(cursor_, [weak = weak_from_this()](CatalogPage page) {
      if (const auto self = weak.lock()) self->take(std::move(page));
    });
  }

 private:
  void take(CatalogPage page) {
    rows_.insert(rows_.end(), std::move_iterator(page.rows.begin()),
                 std::move_iterator(page.rows.end()));
    whole_ = page.next.empty();
    cursor_ = std::move(page.next);
    if (!page.warning.empty()) warning_ = std::move(page.warning);
    step_.once(turn_of_others);
  }

  void send_part() {
    if (!call_->room()) return step_.once(look_again);
    in_parts_ = true;
    const auto end = rows_.begin() + std::min<std::ptrdiff_t>(std::ssize(rows_), most_in_part);
    const std::vector<CatalogEntry> part(std::move_iterator(rows_.begin()),
                                         std::move_iterator(end));
    rows_.erase(rows_.begin(), end);
    call_->event({{"files", files_of(part)}});
    step_.once(turn_of_others);
  }

  // There may be 10,000 of them.
  void answer() {
    std::vector<CatalogEntry> rows(std::move_iterator(rows_.begin()),
                                   std::move_iterator(rows_.end()));
    call_->ok_from_pool([rows = std::move(rows), warning = warning_]() mutable {
      const std::vector<CatalogEntry> own = std::move(rows); // so that they are freed here as well
      // Not as a list of fields, which would copy them all.
      Value::Object body;
      body.emplace_back("files", files_of(own));
      body.emplace_back("warning", warning);
      return Value(std::move(body));
    });
    all_.ended(*this);
  }

  CatalogStreams& all_;
  const CallPtr call_;
  const Ask ask_;
  std::deque<CatalogEntry> rows_;
  std::string cursor_;
  std::string warning_;
  std::size_t pages_ = 0;
  bool whole_ = false;
  bool in_parts_ = false;
  io::Timer step_;
};

CatalogStreams::CatalogStreams(io::Loop& loop) : loop_(loop), graveyard_(loop) {}

CatalogStreams::~CatalogStreams() = default;

void CatalogStreams::start(const CallPtr& call, Ask ask) {
  streams_.push_back(std::make_shared<Stream>(*this, call, std::move(ask)));
  streams_.back()->step();
}

void CatalogStreams::ended(Stream& stream) {
  graveyard_.take(streams_, stream);
}

} // namespace p2pd::control
