#include "daemon/transfer/transfer_row.hpp"

#include "daemon/state/text_list.hpp"

#include <array>
#include <ctime>

namespace p2pd::transfer {

namespace {

struct Flag {
  std::string_view word;
  bool TransferRequest::*value;
};
constexpr std::array flags{
    Flag{"force", &TransferRequest::force}, Flag{"in-order", &TransferRequest::in_order},
    Flag{"no-wait", &TransferRequest::no_wait}, Flag{"repair", &TransferRequest::repair},
    Flag{"unattended", &TransferRequest::unattended}};
constexpr std::string_view publisher_word = "publisher ";
struct List {
  std::string_view word;
  std::vector<std::string> TransferRequest::*value;
};
constexpr std::array lists{List{"from ", &TransferRequest::from},
                           List{"only ", &TransferRequest::only}};

// The flags that are set, and each element of the lists behind the list's word.
std::string options_text(const TransferRequest& request) {
  std::vector<std::string> options;
  for (const Flag& flag : flags)
    if (request.*flag.value) options.emplace_back(flag.word);
  if (request.publisher)
    options.push_back(std::string(publisher_word) + proto::to_text(*request.publisher));
  for (const List& list : lists)
    for (const std::string& element : request.*list.value)
      options.push_back(std::string(list.word) + element);
  return state::joined_lines(options);
}

void read_options(std::string_view text, TransferRequest& request) {
  for (const std::string& option : state::split_lines(text)) {
    for (const Flag& flag : flags)
      if (option == flag.word) request.*flag.value = true;
    if (option.starts_with(publisher_word))
      request.publisher = proto::peer_id(option.substr(publisher_word.size()));
    for (const List& list : lists)
      if (option.starts_with(list.word))
        (request.*list.value).push_back(option.substr(list.word.size()));
  }
}

// Between the clock that everything inside runs on and the one that outlives the process.
std::int64_t epoch_seconds(io::Time time) {
  if (time == io::Time{}) return 0;
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(io::Clock::now() - time);
  return std::time(nullptr) - age.count();
}

io::Time time_at(std::int64_t epoch_seconds) {
  if (epoch_seconds == 0) return {};
  return io::Clock::now() - std::chrono::seconds(std::time(nullptr) - epoch_seconds);
}

} // namespace

std::string_view to_text(TransferState state) {
  constexpr std::array<std::string_view, 5> words{"queued", "running", "paused", "done", "failed"};
  return words[static_cast<std::size_t>(state)];
}

std::string_view to_text(Stage stage) {
  constexpr std::array<std::string_view, 5> words{"locate", "manifest", "prepare", "fetch", "sync"};
  return words[static_cast<std::size_t>(stage)];
}

state::TransferRecord record_of(const TransferRow& row) {
  state::TransferRecord record;
  record.id = row.request.id;
  record.content = row.request.content;
  record.name = row.request.name;
  record.destination = row.request.destination;
  record.path = row.path;
  record.state = static_cast<std::uint8_t>(row.state);
  record.over = row.state == TransferState::done; // a failed one can be resumed
  record.size = row.size;
  record.done_bytes = row.done_bytes;
  record.options = options_text(row.request);
  record.error = row.failure.message;
  record.hook = row.hook;
  record.started = epoch_seconds(row.started);
  record.ended = epoch_seconds(row.ended);
  return record;
}

TransferRow row_of(const state::TransferRecord& record) {
  TransferRow row;
  row.request.id = record.id;
  row.request.content = record.content;
  row.request.name = record.name;
  row.request.destination = record.destination;
  read_options(record.options, row.request);
  row.state = record.state <= static_cast<std::uint8_t>(TransferState::failed)
                  ? static_cast<TransferState>(record.state)
                  : TransferState::failed;
  row.size = record.size;
  row.done_bytes = record.done_bytes;
  row.path = record.path;
  if (!record.error.empty()) row.failure = {proto::ExitCode::failed, record.error, ""};
  row.hook = record.hook;
  row.kept = record.kept;
  row.started = time_at(record.started);
  row.ended = time_at(record.ended);
  return row;
}

} // namespace p2pd::transfer
