#include "daemon/control/client.hpp"

#include "daemon/io/job.hpp"
#include "proto/control/commands.hpp"
#include "proto/error.hpp"

namespace p2pd::control {

namespace {

// A client that does not read its answers: beyond this it misses events, beyond that it is let go.
constexpr std::size_t event_limit = 256 * 1024;
constexpr std::size_t answer_limit = 2 * proto::max_reply;
constexpr std::size_t most_commands = 1000; // at once

// Thread: any.
proto::Bytes encoded(const proto::ControlReply& reply) {
  proto::Bytes frame;
  try {
    encode_frame(reply, frame);
  } catch (const proto::Error&) {
    encode_frame(
        proto::ControlReply{reply.id, proto::ReplyKind::error,
                            ControlError{ExitCode::failed, "the answer is too long", ""}.value()},
        frame);
  }
  return frame;
}

// Builds for tests hold every answer against the command table: one that does not fit becomes an
// error, which the test sees. Others send what the handler made. Thread: any.
std::optional<ControlError> misfit(std::string_view command, const proto::Record* shape,
                                   const Value& body) {
  if (!P2PD_CHECK_ANSWERS) return std::nullopt;
  const auto wrong = shape == nullptr ? "the table has none" : proto::misfit(*shape, body);
  if (!wrong) return std::nullopt;
  return ControlError{ExitCode::failed,
                      "what \"" + std::string(command) +
                          "\" answers does not fit the command table: " + *wrong,
                      "please report this"};
}

proto::ControlReply ok_reply(std::uint64_t id, const proto::Command& command, Value body) {
  if (const auto error = misfit(command.name, command.result, body))
    return {id, proto::ReplyKind::error, error->value()};
  return {id, proto::ReplyKind::ok, std::move(body)};
}

class ClientCall final : public Call, public std::enable_shared_from_this<ClientCall> {
 public:
  ClientCall(io::Loop& loop, io::Alive<Client>::Ref client, const proto::ControlRequest& request)
      : Call(request.params)
      , loop_(loop)
      , client_(std::move(client))
      , id_(request.id)
      , command_(proto::find_command(request.command)) {}
  ~ClientCall() override {
    if (!answered_)
      send({id_, proto::ReplyKind::error,
            ControlError{ExitCode::failed, "the daemon stopped before it was done", ""}.value()});
  }

  bool event(Value body) override {
    if (const auto wrong = misfit(command_->name, command_->event, body)) {
      error(*wrong);
      return false;
    }
    return send({id_, proto::ReplyKind::event, std::move(body)});
  }
  bool gone() const override {
    const Client* const client = client_.get();
    return client == nullptr || client->gone();
  }
  bool room() const override {
    Client* const client = client_.get();
    return client != nullptr && client->has_room();
  }
  void ok(Value body) override { answer(ok_reply(id_, *command_, std::move(body))); }
  void ok_from_pool(std::function<Value()> body) override {
    if (std::exchange(answered_, true)) return;
    making_ = io::run(
        loop_,
        [id = id_, command = command_, body = std::move(body)] {
          return encoded(ok_reply(id, *command, body()));
        },
        [self = shared_from_this()](proto::Bytes frame) {
          if (Client* const client = self->client_.get()) client->answer(std::move(frame));
        });
  }
  void error(const ControlError& error) override {
    answer({id_, proto::ReplyKind::error, error.value()});
  }

 private:
  void answer(const proto::ControlReply& reply) {
    if (!std::exchange(answered_, true)) send(reply);
  }
  bool send(const proto::ControlReply& reply) {
    Client* const client = client_.get();
    return client != nullptr && client->reply(reply);
  }

  io::Loop& loop_;
  io::Alive<Client>::Ref client_;
  std::uint64_t id_;
  const proto::Command* command_; // null for one that there is not, which is answered by an error
  io::Job making_;                // of the answer
  bool answered_ = false;
};

} // namespace

Client::Client(Server& server, std::unique_ptr<io::Stream> stream)
    : server_(server), stream_(std::move(stream)) {
  stream_->listen_to(*this);
}

void Client::serve(proto::Access access, std::uint32_t user) {
  access_ = access;
  user_ = user;
  stream_->start_reading();
}

// At once, without a request, so that a stranger holds nothing here for longer than it takes to
// write one line.
void Client::dismiss(const proto::ControlError& refusal) {
  no_more_ = true;
  ++running_; // this answer
  reply({proto::of_no_request, proto::ReplyKind::error, refusal.value()});
}

void Client::on_read(std::size_t bytes) try {
  inbox_.insert(inbox_.end(), buffer_.begin(),
                buffer_.begin() + static_cast<std::ptrdiff_t>(bytes));
  proto::View rest = inbox_;
  while (!closed_) {
    const auto payload = proto::front_frame(rest);
    if (!payload) break;
    rest = rest.subspan(proto::frame_header + payload->size());
    run(proto::decode_request(decoder_, *payload));
  }
  inbox_ = proto::Bytes(rest.begin(), rest.end());
} catch (const proto::Error&) {
  close(); // rubbish has no id that an answer could name
}

void Client::run(const proto::ControlRequest& request) {
  ++running_;
  const auto call = std::make_shared<ClientCall>(server_.loop(), alive_.ref(), request);
  if (running_ > most_commands)
    return call->error({ExitCode::failed, "too many commands at once on one connection", ""});
  try {
    server_.dispatcher().run(request.command, access_, call);
  } catch (const proto::Error& error) {
    call->error({ExitCode::usage, error.what(), ""});
  }
}

bool Client::reply(const proto::ControlReply& reply) {
  if (!takes(reply.kind)) return false;
  stream_->write(encoded(reply));
  return true;
}

void Client::answer(proto::Bytes frame) {
  if (takes(proto::ReplyKind::ok)) stream_->write(std::move(frame));
}

bool Client::takes(proto::ReplyKind kind) {
  const bool is_answer = kind != proto::ReplyKind::event;
  if (is_answer) --running_;
  if (closed_) return false;
  if (stream_->queued() > answer_limit) {
    close();
    return false;
  }
  return is_answer || stream_->queued() <= event_limit;
}

bool Client::has_room() const {
  return stream_->queued() <= event_limit;
}

bool Client::gone() const {
  return no_more_ && stream_->hung_up();
}

// A client may close its sending side first and still wait for its answers.
void Client::on_end(std::error_code failure) {
  no_more_ = io::is_end_of_stream(failure);
  if (!no_more_ || (running_ == 0 && stream_->queued() == 0) || gone()) close();
}

void Client::on_written() {
  if (no_more_ && running_ == 0 && stream_->queued() == 0) close();
}

void Client::close() {
  if (std::exchange(closed_, true)) return;
  alive_.end();
  stream_->stop_reading();
  server_.retire(*this);
}

} // namespace p2pd::control
