//! A stream that does not wait for ever.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::limits::{LINGER_TIME, Limits};

/// The activity of a connection counts up when a request begins and when it was answered: odd while
/// one is handled. This is its value before the first.
pub(super) const UNUSED: u64 = 0;

/// A stream that gives up on a caller who does not finish a header or does not take an answer, and
/// that drops what still arrives after the last answer.
pub(super) struct Watched<S> {
    inner: S,
    activity: Arc<AtomicU64>,
    header_time: Duration,
    write_stall_time: Duration,
    /// When the header being read began, and the activity then; another activity means that it is
    /// complete.
    header_since: Option<(Instant, u64)>,
    write_since: Option<Instant>,
    lingering: Option<Instant>,
    shut: bool,
    /// Made when first needed: most connections never wait within a header or a write.
    timer: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    pub(super) fn new(inner: S, activity: Arc<AtomicU64>, limits: &Limits) -> Self {
        Self {
            inner,
            activity,
            header_time: limits.header_time,
            write_stall_time: limits.write_stall_time,
            header_since: Some((Instant::now(), UNUSED)),
            write_since: None,
            lingering: None,
            shut: false,
            timer: None,
        }
    }

    /// Ready when the moment has come; else the task is woken then.
    fn poll_deadline(&mut self, cx: &mut Context<'_>, deadline: Instant) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx)
    }

    /// Called when a write could not go on.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let since = *self.write_since.get_or_insert_with(Instant::now);
        ready!(self.poll_deadline(cx, since + self.write_stall_time));
        Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "the caller takes no more"))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = &mut *self;
        let before = buf.filled().len();
        let activity = me.activity.load(Ordering::Relaxed);
        me.header_since = me.header_since.filter(|(_, then)| *then == activity);
        match Pin::new(&mut me.inner).poll_read(cx, buf) {
            Poll::Ready(outcome) => {
                let handling = activity % 2 == 1;
                if !handling && buf.filled().len() > before {
                    me.header_since.get_or_insert_with(|| (Instant::now(), activity));
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => {
                let Some((since, _)) = me.header_since else { return Poll::Pending };
                ready!(me.poll_deadline(cx, since + me.header_time));
                let late = io::Error::new(io::ErrorKind::TimedOut, "the header took too long");
                Poll::Ready(Err(late))
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_write(cx, buf) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_write_vectored(cx, bufs) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let me = &mut *self;
        match Pin::new(&mut me.inner).poll_flush(cx) {
            Poll::Pending => me.poll_stalled(cx).map(Err),
            done => {
                me.write_since = None;
                done
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let me = &mut *self;
        if !me.shut {
            match Pin::new(&mut me.inner).poll_shutdown(cx) {
                Poll::Pending => return me.poll_stalled(cx).map(Err),
                done => ready!(done)?,
            }
            me.shut = true;
        }
        let mut scratch = [0; 4096];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            match Pin::new(&mut me.inner).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {
                    let until = *me.lingering.get_or_insert_with(|| Instant::now() + LINGER_TIME);
                    if Instant::now() >= until {
                        return Poll::Ready(Ok(()));
                    }
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => {
                    let Some(until) = me.lingering else { return Poll::Ready(Ok(())) };
                    return me.poll_deadline(cx, until).map(Ok);
                }
            }
        }
    }
}
