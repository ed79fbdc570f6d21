// Package k8sobjects is the receiver that the image calls `k8s_objects`, under that name: Go's module proxy only has the
// receiver of 0.111, which is called `k8sobjects`.
package k8sobjects

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/k8sobjectsreceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
)

// NewFactory returns the receiver's factory.
func NewFactory() receiver.Factory {
	original := k8sobjectsreceiver.NewFactory()
	create := func(ctx context.Context, set receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
		// A factory only accepts an ID of its own type.
		set.ID = component.NewIDWithName(original.Type(), set.ID.Name())
		return original.CreateLogs(ctx, set, config, next)
	}
	return receiver.NewFactory(
		component.MustNewType("k8s_objects"),
		original.CreateDefaultConfig,
		receiver.WithLogs(create, original.LogsStability()),
	)
}
